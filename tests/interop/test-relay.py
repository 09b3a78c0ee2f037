"""Servers that media asks for help: who is asked, what the other side sees, and what is heard."""

import contextlib
import re
import socket
import time

import lab
import wire
from place import FIRST, SERVER, Place, enter_or_skip

TONE_OF_ALICE, TONE_OF_BOB = 1000, 400
USER, PASSWORD = "alice", "relay:secret/?@"


class Turn:
    """A coturn that takes whatever is allowed by its one user."""

    def __init__(self):
        self.port = lab.free_port()

    def __enter__(self):
        folder = lab.make_folder("turn")
        self.log = open(f"{folder}/log", "wb")
        self.process = lab.start(
            ["turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--lt-cred-mech",
             f"--user={USER}:{PASSWORD}", "--realm=lab.test", f"--listening-ip={SERVER}",
             f"--relay-ip={SERVER}", f"--listening-port={self.port}", f"--userdb={folder}/db",
             f"--pidfile={folder}/pid", "--log-file=stdout"], stdout=self.log, stderr=self.log)
        end = time.monotonic() + lab.LIMIT
        while not self._is_up():
            assert time.monotonic() < end and self.process.poll() is None, "coturn did not start"
            time.sleep(0.05)
        return self

    def _is_up(self):
        with contextlib.suppress(OSError), socket.create_connection((SERVER, self.port), 1):
            return True
        return False

    def __exit__(self, *_):
        lab.stop(self.process)
        self.log.close()

    @property
    def place(self):
        return (SERVER, self.port)

    def servers(self, transport="udp", password=PASSWORD, relay_only=True):
        return {"turn": f"turn:{SERVER}:{self.port}?transport={transport}", "user": USER,
                "password": password, "relayOnly": relay_only}


class Stage:
    """Alice in her place with the servers that @name makes of a coturn; bob beside kamailio, who
    asks nobody."""

    def __init__(self, name=None):
        self.name = name

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Place())
            self.server = stack.enter_context(lab.Kamailio(host=SERVER))
            self.turn = stack.enter_context(Turn())
            self.wire = wire.Wire("server")
            self.bob = stack.enter_context(self._phone("bob", TONE_OF_BOB))
            more = {} if self.name is None else {"servers": self.name(self.turn)}
            self.alice = stack.enter_context(
                self._phone("alice", TONE_OF_ALICE, within=self.place.within, **more))
            self.alice.expect("registered")
            self.bob.expect("registered")
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _phone(self, user, tone, **more):
        return lab.Phone(f"sip:{user}@{self.server.domain}", tone,
                         server=self.server.server("TCP"), password=self.server.PASSWORDS[user],
                         answer=True, describes=True, **more)

    def call(self, caller, callee, user):
        """Returns what the caller said of itself, and the callee."""
        caller.tell(do="invite", target=f"sip:{user}@{self.server.domain}")
        offer = callee.expect("invite")["description"]
        answer = caller.expect("accepted", code=200)["description"]
        callee.expect("confirmed")
        return offer, answer

    def hear(self):
        self.alice.expect_tone(TONE_OF_BOB)
        self.bob.expect_tone(TONE_OF_ALICE)

    def end(self):
        self.alice.tell(do="bye")
        self.alice.expect("terminated")
        self.bob.expect("terminated")

    def asked(self):
        """Where alice's packets went to, of whatever kind."""
        return {packet.target for packet in list(self.wire.packets) if packet.source[0] == FIRST}

    @property
    def registrar(self):
        return (SERVER, self.server.ports["UDP"])


def look_hidden(description):
    candidates = re.findall(r"^a=candidate:.*", description, re.M)
    assert candidates and all(line.endswith(" typ relay\r") for line in candidates), candidates
    assert FIRST not in description, description


def make_relay_case(transport, is_caller):
    def case():
        with Stage(lambda turn: turn.servers(transport)) as stage:
            if is_caller:
                description, _ = stage.call(stage.alice, stage.bob, "bob")
            else:
                _, description = stage.call(stage.bob, stage.alice, "alice")
            look_hidden(description)
            stage.hear()
            assert stage.asked() == {stage.registrar, stage.turn.place}, stage.asked()
            stage.end()
    case.__name__ = f"test_relay_{transport}_{'calls' if is_caller else 'called'}"
    return case


def make_refused_case(name, is_there, **more):
    """No call is better than one that shows where she is."""
    def case():
        with Stage(lambda turn: turn.servers(**more)) as stage:
            if not is_there:
                lab.stop(stage.turn.process)
            stage.alice.tell(do="invite", target=f"sip:bob@{stage.server.domain}")
            failed = stage.alice.expect("failed", limit=15)
            print(f"# {name}: {failed}", flush=True)
            stage.alice.expect("terminated")
            assert stage.asked() <= {stage.registrar, stage.turn.place}, stage.asked()
            stage.bob.drain()
            assert "invite" not in stage.bob.names()
    case.__name__ = f"test_no_relay_{name}"
    return case


def test_relay_is_down_and_need_not_be_there():
    with Stage(lambda turn: turn.servers(relay_only=False)) as stage:
        lab.stop(stage.turn.process)
        begin = time.monotonic()
        stage.call(stage.alice, stage.bob, "bob")
        assert time.monotonic() - begin < 5
        stage.hear()
        stage.end()


def test_stun():
    """The one that was named is asked, and no other one."""
    with Stage(lambda turn: {"stun": f"stun:{SERVER}:{turn.port}"}) as stage:
        _, answer = stage.call(stage.alice, stage.bob, "bob")
        stage.hear()
        place = wire.Description(answer).place
        assert stage.asked() == {stage.registrar, stage.turn.place, place}, stage.asked()
        stage.end()


def test_nobody_is_asked():
    with Stage() as stage:
        _, answer = stage.call(stage.alice, stage.bob, "bob")
        stage.hear()
        assert stage.asked() == {stage.registrar, wire.Description(answer).place}, stage.asked()
        stage.end()


enter_or_skip()
lab.run([make_relay_case("udp", True), make_relay_case("udp", False), make_relay_case("tcp", True),
         make_refused_case("silent", False), make_refused_case("password", True, password="no"),
         test_relay_is_down_and_need_not_be_there, test_stun, test_nobody_is_asked])
