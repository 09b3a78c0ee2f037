"""A phone whose network changes: where it is told, how long until it can be called, and what is
heard in a call that went on."""

import contextlib
import time

import lab
import wire
from place import FIRST, SECOND, SERVER, Place, enter_or_skip

TONE_OF_ALICE, TONE_OF_BOB = 1000, 400


SLOW = 3  # times longer may it take than is wanted: machines are slow
REGISTER, REINVITE, REACHED, HEARD = 2, 3, 5, 5  # seconds that are wanted
REST = 2  # seconds between two REGISTER, whatever happens


class Clock:
    """What is seen from now on, and when."""

    def __init__(self, what):
        self.what = what
        self.wire = wire.Wire("server")
        self.start = time.monotonic()

    def tell(self, event, wanted, when=None):
        seconds = (when or time.monotonic()) - self.start
        print(f"# {self.what}: {event} after {seconds:.1f} s", flush=True)
        assert seconds < SLOW * wanted, f"{event} after {seconds:.1f} s"

    def tell_said(self, method, wanted, protocol="UDP"):
        """A request from her new place, as soon as it is on the wire, if anybody can read it there."""
        when = None
        if protocol != "WSS":
            when = self.wire.expect_from(SECOND, f"{method} ".encode()).when
        self.tell(method, wanted, when)


def phone(server, user, protocol, tone, **more):
    return lab.Phone(f"sip:{user}@{server.domain}", tone, server=server.server(protocol),
                     password=server.PASSWORDS[user], authority=server.authority, answer=True,
                     **more)


def direct(user, host, tone, rtp, **more):
    """Who is at every address of the machine, one of which is @host."""
    port = lab.free_port()
    made = lab.Phone(f"sip:{user}@{host}:{port}", tone, localAddress=f"0.0.0.0:{port}",
                     register=False, answer=True, rtp=rtp, **more)
    made.uri = f"sip:{user}@{host}:{port}"
    made.expect("connected")
    return made


@contextlib.contextmanager
def stage(protocol, rtp):
    """Alice in her place, bob beside the server."""
    with Place() as place, lab.Kamailio(host=SERVER) as server, \
            phone(server, "bob", protocol, TONE_OF_BOB, rtp=rtp) as bob, \
            phone(server, "alice", protocol, TONE_OF_ALICE, rtp=rtp, within=place.within) as alice:
        alice.expect("registered")
        bob.expect("registered")
        yield place, server, alice, bob


def call(server, caller, callee, user):
    caller.tell(do="invite", target=f"sip:{user}@{server.domain}")
    caller.expect("accepted", code=200)
    callee.expect("confirmed")


def hang_up(by, other):
    by.tell(do="bye")
    by.expect("terminated")
    other.expect("terminated", cause="BYE")


def make_idle_case(protocol):
    """Nobody talks, and the next call arrives all the same."""
    def case():
        with stage(protocol, rtp=True) as (place, server, alice, bob):
            time.sleep(REST)
            clock = Clock(f"idle, {protocol}")
            place.change_address()
            alice.expect("registered")
            clock.tell_said("REGISTER", REGISTER, protocol)
            call(server, bob, alice, "alice")
            clock.tell("called", REACHED)
            lab.hear(alice, bob)
            hang_up(alice, bob)
    case.__name__ = f"test_idle_{protocol}".lower()
    return case


def make_call_case(protocol, rtp, is_caller):
    """The same call goes on, for both of them."""
    def case():
        with stage(protocol, rtp) as (place, server, alice, bob):
            if is_caller:
                call(server, alice, bob, "bob")
            else:
                call(server, bob, alice, "alice")
            lab.hear(alice, bob)
            clock = Clock(f"call, {protocol}, {'RTP' if rtp else 'WebRTC'}")
            place.change_address()
            bob.expect("reinvite")
            clock.tell_said("INVITE", REINVITE, protocol)
            alice.expect("reinviteAccepted")
            lab.hear(alice, bob)
            clock.tell("heard", HEARD)
            assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
            hang_up(bob, alice)
    way = "rtp" if rtp else "web"
    case.__name__ = f"test_{'calls' if is_caller else 'called'}_{protocol}_{way}".lower()
    return case


def make_outage_case(name, begin, end, seconds, protocol, rtp):
    """Nothing comes through for a while, and the call is still there after it."""
    def case():
        with stage(protocol, rtp) as (place, server, alice, bob):
            call(server, alice, bob, "bob")
            lab.hear(alice, bob)
            begin(place)
            time.sleep(seconds)
            end(place)
            clock = Clock(f"{name} for {seconds} s, {protocol}, {'RTP' if rtp else 'WebRTC'}")
            lab.hear(alice, bob)
            clock.tell("heard", HEARD)
            assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
            hang_up(alice, bob)
            call(server, bob, alice, "alice")
            clock.tell("called", REACHED)
            hang_up(bob, alice)
    case.__name__ = f"test_{name}_{protocol}_{'rtp' if rtp else 'web'}".lower()
    return case


def make_direct_case(rtp, is_caller):
    """They call each other without a server; on hold, too, it is told where she is now."""
    def case():
        with Place() as place, direct("bob", SERVER, TONE_OF_BOB, rtp) as bob, \
                direct("alice", FIRST, TONE_OF_ALICE, rtp, within=place.within) as alice:
            caller, callee = (alice, bob) if is_caller else (bob, alice)
            caller.tell(do="invite", target=callee.uri)
            caller.expect("accepted", code=200)
            callee.expect("confirmed")
            lab.hear(alice, bob)
            if is_caller:
                alice.tell(do="hold")
                alice.expect("reinviteAccepted")
                bob.expect("reinvite")
            clock = Clock(f"direct call, {'RTP' if rtp else 'WebRTC'}")
            place.change_address()
            bob.expect("reinvite")
            clock.tell_said("INVITE", REINVITE)
            alice.expect("reinviteAccepted")
            if is_caller:
                alice.tell(do="unhold")
                alice.expect("reinviteAccepted")
            lab.hear(alice, bob)
            clock.tell("heard", HEARD)
            assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
            hang_up(bob, alice)
    case.__name__ = f"test_direct_{'calls' if is_caller else 'called'}_{'rtp' if rtp else 'web'}"
    return case


enter_or_skip()
lab.run_beside(
    [make_outage_case("unplugged", Place.pull, Place.plug, 10, "UDP", True),
     make_outage_case("unplugged", Place.pull, Place.plug, 5, "WSS", False),
     make_outage_case("silent", Place.silence, Place.unsilence, 5, "TCP", True),
     make_idle_case("UDP"), make_idle_case("TCP"), make_idle_case("WSS"),
     make_call_case("UDP", True, True), make_call_case("TCP", True, False),
     make_call_case("UDP", False, False), make_call_case("WSS", False, True),
     make_direct_case(True, True), make_direct_case(True, False),
     make_direct_case(False, True), make_direct_case(False, False)], many=3)
