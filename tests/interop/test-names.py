"""Names that nobody can tell: an account that was there comes back all the same, one that was not
says why, and nothing else waits meanwhile."""

import time

import lab
import names
from place import SERVER, Place, enter_or_skip

DOMAIN = "lab.test"
STUCK = 1500  # milliseconds: whoever waits for a name here does so for 5,000 and more
TROUBLES = {"failure": (names.SERVER_FAILURE, 0), "nobody": (names.NO_SUCH_NAME, 0),
            "silence": (names.NO_ERROR, None), "slowness": (names.NO_ERROR, 8)}


class Stage:
    """A kamailio that is found by its name, asked for by a phone in a place of its own."""

    def __enter__(self):
        self.place = Place().__enter__()
        self.server = lab.Kamailio(host=SERVER).__enter__()
        self.names = names.Names(SERVER, {
            (DOMAIN, "A"): [SERVER],
            (f"_sip._udp.{DOMAIN}", "SRV"): [(1, self.server.ports["UDP"], DOMAIN)],
            (f"_sip._tcp.{DOMAIN}", "SRV"): [(1, self.server.ports["UDP"], DOMAIN)]})
        return self

    def __exit__(self, *_):
        self.names.close()
        self.server.__exit__()
        self.place.__exit__()

    def trouble(self, name):
        self.names.trouble, self.names.delay = TROUBLES[name]

    def heal(self):
        self.names.trouble, self.names.delay = names.NO_ERROR, 0

    def alice(self, protocol):
        server = f"sip:{DOMAIN}" + (f";transport={protocol.lower()}" if protocol else "")
        if protocol == "WSS":
            server = f"wss://{DOMAIN}:{self.server.ports['WSS']}"
        return self._phone("alice", server, answer=True, watched=True, within=self.place.within)

    def bob(self):
        return self._phone("bob", self.server.server("UDP"), answer=True)

    def _phone(self, user, server, **more):
        return lab.Phone(f"sip:{user}@{DOMAIN}", 1000, server=server, rtp=True,
                         password=self.server.PASSWORDS[user], authority=self.server.authority,
                         **more)


def tell(what, begin):
    print(f"# {what} after {time.monotonic() - begin:.1f} s", flush=True)


def read_gap(alice):
    """How many milliseconds she did nothing else, at the longest, since she was asked last."""
    alice.tell(do="gap")
    return alice.expect("gap")["longest"]


def expect_no_gap(alice):
    longest = read_gap(alice)
    print(f"# nothing waited for longer than {longest} ms", flush=True)
    assert longest < STUCK


def make_outage_case(protocol):
    """The server was known before, and has to be asked anew."""
    def case():
        with Stage() as stage, stage.alice(protocol) as alice:
            alice.expect("registered")
            for name in TROUBLES:
                stage.trouble(name)
                read_gap(alice)
                begin = time.monotonic()
                if protocol == "UDP":
                    alice.tell(do="register")
                else:
                    stage.place.cut()
                    alice.expect("disconnected")
                alice.expect("registered", limit=20)
                tell(f"{name}, {protocol}: registered", begin)
                expect_no_gap(alice)
                with stage.bob() as bob:
                    bob.expect("registered")
                    begin = time.monotonic()
                    alice.tell(do="invite", target=f"sip:bob@{DOMAIN}")
                    alice.expect("accepted", limit=15)
                    tell(f"{name}, {protocol}: called", begin)
                    alice.tell(do="bye")
                    alice.expect("terminated")
                    bob.expect("terminated")
                stage.heal()
    case.__name__ = f"test_outage_{protocol}".lower()
    return case


def make_start_case(name, protocol, limit):
    """The server was never known: why that is so is told, and it is found later."""
    def case():
        with Stage() as stage:
            stage.trouble(name)
            with stage.alice(protocol) as alice:
                begin = time.monotonic()
                why = alice.expect("disconnected", limit=limit)["why"]
                tell(f"{name}: “{why}”", begin)
                assert DOMAIN in why, why
                expect_no_gap(alice)
                stage.heal()
                alice.expect("registered")
    case.__name__ = f"test_start_{name}"
    return case


def test_start_slowness():
    with Stage() as stage:
        stage.trouble("slowness")
        with stage.alice("TCP") as alice:
            begin = time.monotonic()
            alice.expect("registered")
            tell("slowness: registered", begin)
            assert "disconnected" not in alice.names()
            expect_no_gap(alice)


enter_or_skip()
lab.run_beside([make_outage_case(protocol) for protocol in ("UDP", "TCP", "WSS")]
               + [make_start_case("failure", "TCP", 6), make_start_case("nobody", "TCP", 6),
                  make_start_case("silence", None, 20), test_start_slowness], many=4)
