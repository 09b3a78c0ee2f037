"""Servers that media asks for help: who is asked, what the other side sees, and what is heard."""

import contextlib
import re
import time

import lab
import peers
import wire
from place import FIRST, SERVER, Place, enter_or_skip

TONE_OF_ALICE, TONE_OF_BOB = 1000, 400
CONNECTION_ERROR = 17  # Sip.Cause
RELAY = 11  # Sip.Error


class Stage:
    """Alice in her place with the servers that @name makes of a coturn; bob beside kamailio, who
    asks nobody."""

    def __init__(self, name=None, rtp=False):
        self.name = name
        self.rtp = rtp

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Place())
            self.server = stack.enter_context(lab.Kamailio(host=SERVER))
            self.turn = stack.enter_context(peers.Turn(SERVER))
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
                         answer=True, describes=True, rtp=self.rtp, **more)

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


class Direct:
    """Alice in her place with the servers that @name makes of a coturn; a baresip beside it. They
    call each other without a server."""

    def __init__(self, name, modules=(), account=""):
        self.name = name
        self.peer_options = (modules, account)

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Place())
            self.turn = stack.enter_context(peers.Turn(SERVER))
            self.wire = wire.Wire("server")
            self.peer = stack.enter_context(
                peers.Baresip(SERVER, "server", TONE_OF_BOB, *self.peer_options))
            address = f"{FIRST}:{lab.free_port()}"
            self.uri = f"sip:alice@{address}"
            self.alice = stack.enter_context(
                lab.Phone(self.uri, TONE_OF_ALICE, localAddress=address, register=False,
                          answer=True, describes=True, rtp=True, within=self.place.within,
                          servers=self.name(self.turn)))
            self.alice.expect("connected")
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def call(self, is_caller):
        if is_caller:
            self.alice.tell(do="invite", target=self.peer.uri)
            self.alice.expect("accepted", code=200)
            return self.peer.take()
        call = self.peer.call(self.uri)
        self.alice.expect("confirmed")
        return call

    def hear(self, call):
        self.alice.expect_tone(TONE_OF_BOB)
        self.peer.expect_sound(call)

    def told(self):
        """What alice first said of herself, in however many pieces."""
        host, port = self.peer.address.split(":")
        said = b"".join(packet.bytes for packet in list(self.wire.packets)
                        if packet.source[0] == FIRST and packet.target == (host, int(port)))
        return re.search(r"v=0\r\n(?:[a-z]=[^\r\n]*\r\n)+", said.decode(errors="replace"))[0]

    def asked(self):
        """Where alice's packets of media went to, and whatever else is no SIP."""
        host, port = self.peer.address.split(":")
        return {packet.target for packet in list(self.wire.packets)
                if packet.source[0] == FIRST} - {(host, int(port))}


def look_hidden(description, has_ice):
    candidates = re.findall(r"^a=candidate:.*", description, re.M)
    assert bool(candidates) == has_ice, description
    assert all(line.endswith(" typ relay\r") for line in candidates), candidates
    assert FIRST not in description, description
    assert wire.Description(description).place[0] == SERVER, description


def make_phone_case(name, is_caller, modules=(), account=""):
    """An ordinary phone hears her, and does not learn where she is."""
    def case():
        with Direct(peers.Turn.servers, modules, account) as stage:
            call = stage.call(is_caller)
            stage.hear(call)
            text = stage.told()
            look_hidden(text, has_ice=is_caller or bool(modules))
            assert stage.asked() == {stage.turn.place}, stage.asked()
            stage.alice.tell(do="hold")
            stage.alice.expect("reinviteAccepted")
            stage.alice.tell(do="unhold")
            stage.alice.expect("reinviteAccepted")
            stage.hear(call)
            assert stage.asked() == {stage.turn.place}, stage.asked()
            stage.alice.tell(do="bye")
            stage.alice.expect("terminated")
            stage.peer.expect_end(call)
    case.__name__ = f"test_phone_{name}_{'calls' if is_caller else 'called'}"
    return case


def test_phone_directly():
    """Who need not hide speaks to an ordinary phone without the relay."""
    with Direct(lambda turn: turn.servers(relay_only=False)) as stage:
        call = stage.call(is_caller=True)
        stage.hear(call)
        place = next(packet.target for packet in list(stage.wire.packets)
                     if packet.source == wire.Description(stage.told()).place and packet.is_rtp())
        assert place in stage.asked() and place[0] == SERVER and place != stage.turn.place
        assert not [packet for packet in list(stage.wire.packets)
                    if packet.target == stage.turn.place and len(packet.bytes) > 160]
        stage.alice.tell(do="bye")
        stage.alice.expect("terminated")


def make_relay_case(transport, is_caller, rtp=False):
    def case():
        with Stage(lambda turn: turn.servers(transport), rtp) as stage:
            if is_caller:
                description, _ = stage.call(stage.alice, stage.bob, "bob")
            else:
                _, description = stage.call(stage.bob, stage.alice, "alice")
            look_hidden(description, has_ice=is_caller or not rtp)
            stage.hear()
            assert stage.asked() == {stage.registrar, stage.turn.place}, stage.asked()
            stage.end()
            stage.turn.expect_given_back()
    case.__name__ = (f"test_relay_{transport}_{'calls' if is_caller else 'called'}"
                     f"_{'rtp' if rtp else 'web'}")
    return case


def make_refused_case(name, is_there, rtp=False, **more):
    """No call is better than one that shows where she is."""
    def case():
        with Stage(lambda turn: turn.servers(**more), rtp) as stage:
            if not is_there:
                stage.turn.stop()
            stage.alice.tell(do="invite", target=f"sip:bob@{stage.server.domain}")
            failed = stage.alice.expect("failed", limit=15)
            print(f"# {name}: {failed}", flush=True)
            stage.alice.expect("terminated")
            assert stage.asked() <= {stage.registrar, stage.turn.place}, stage.asked()
            stage.bob.drain()
            assert "invite" not in stage.bob.names()
    case.__name__ = f"test_no_relay_{name}"
    return case


def make_restart_case(rtp):
    """The relay forgot all, and passes the same call on as soon as it is there again."""
    def case():
        with Stage(peers.Turn.servers, rtp) as stage:
            stage.call(stage.alice, stage.bob, "bob")
            stage.hear()
            stage.turn.stop()
            stage.alice.expect_silence()
            stage.turn.start()
            begin = time.monotonic()
            stage.alice.expect("reinviteAccepted")
            stage.hear()
            print(f"# heard after {time.monotonic() - begin:.1f} s", flush=True)
            assert stage.asked() == {stage.registrar, stage.turn.place}, stage.asked()
            assert "terminated" not in stage.alice.names() + stage.bob.names()
            stage.end()
    case.__name__ = f"test_restarted_{'rtp' if rtp else 'web'}"
    return case


def test_phone_when_restarted():
    with Direct(peers.Turn.servers) as stage:
        call = stage.call(is_caller=False)
        stage.hear(call)
        stage.turn.stop()
        stage.alice.expect_silence()
        stage.turn.start()
        stage.alice.expect("reinviteAccepted")
        stage.hear(call)
        assert stage.asked() == {stage.turn.place}, stage.asked()
        stage.alice.tell(do="bye")
        stage.alice.expect("terminated")


def test_gone_for_good():
    """Who hides does not come out for it: the call ends, with a reason. The other one may have looked
    for her in vain, too, if his network gave him cause."""
    with Stage(peers.Turn.servers, rtp=True) as stage:
        stage.call(stage.alice, stage.bob, "bob")
        stage.hear()
        stage.turn.stop()
        stage.alice.expect("terminated", reason=CONNECTION_ERROR)
        stage.bob.expect("terminated")
        assert stage.asked() == {stage.registrar, stage.turn.place}, stage.asked()


def make_direct_case(name, rtp, **more):
    """It is told that the relay does not help, and the call goes on without it."""
    def case():
        with Stage(lambda turn: turn.servers(relay_only=False, **more), rtp) as stage:
            stage.call(stage.alice, stage.bob, "bob")
            assert RELAY in [event["code"] for event in stage.alice.events
                             if event["event"] == "mediaFailed"], stage.alice.events
            stage.hear()
            stage.end()
    case.__name__ = f"test_no_need_{name}_{'rtp' if rtp else 'web'}"
    return case


def test_relay_is_down_and_need_not_be_there():
    with Stage(lambda turn: turn.servers(relay_only=False)) as stage:
        stage.turn.stop()
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
         make_relay_case("udp", True, rtp=True), make_relay_case("tcp", False, rtp=True),
         make_phone_case("plain", True), make_phone_case("plain", False),
         make_phone_case("ice", True, ["ice"], ";medianat=ice"),
         make_phone_case("ice", False, ["ice"], ";medianat=ice"), test_phone_directly,
         make_refused_case("silent", False), make_refused_case("rtp", True, True, password="no"),
         make_refused_case("password", True, password="no"),
         make_restart_case(rtp=True), make_restart_case(rtp=False), test_phone_when_restarted,
         test_gone_for_good, make_direct_case("password", True, password="no"),
         make_direct_case("password", False, password="no"),
         test_relay_is_down_and_need_not_be_there, test_stun, test_nobody_is_asked])
