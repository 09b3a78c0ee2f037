"""A phone whose network changes: where it is told, how long until it can be called, and what is
heard in a call that went on."""

import contextlib
import time

import lab
from place import SERVER, Place, enter_or_skip

TONE_OF_ALICE, TONE_OF_BOB = 1000, 400


class Clock:
    def __init__(self, what):
        self.what = what
        self.start = time.monotonic()

    def tell(self, event):
        seconds = time.monotonic() - self.start
        print(f"# {self.what}: {event} after {seconds:.1f} s", flush=True)


def phone(server, user, protocol, tone, **more):
    return lab.Phone(f"sip:{user}@{server.domain}", tone, server=server.server(protocol),
                     password=server.PASSWORDS[user], authority=server.authority, answer=True,
                     **more)


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


def hear(alice, bob):
    alice.expect_tone(TONE_OF_BOB)
    bob.expect_tone(TONE_OF_ALICE)


def make_idle_case(protocol):
    """Nobody talks, and the next call arrives all the same."""
    def case():
        with stage(protocol, rtp=True) as (place, server, alice, bob):
            clock = Clock(f"idle, {protocol}")
            place.change_address()
            alice.expect("registered")
            clock.tell("registered")
            call(server, bob, alice, "alice")
            clock.tell("called")
            hear(alice, bob)
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
            hear(alice, bob)
            clock = Clock(f"call, {protocol}, {'RTP' if rtp else 'WebRTC'}")
            place.change_address()
            bob.expect("reinvite")
            clock.tell("re-INVITE")
            alice.expect("reinviteAccepted")
            hear(alice, bob)
            clock.tell("heard")
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
            hear(alice, bob)
            begin(place)
            time.sleep(seconds)
            end(place)
            clock = Clock(f"{name} for {seconds} s, {protocol}, {'RTP' if rtp else 'WebRTC'}")
            hear(alice, bob)
            clock.tell("heard")
            assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
            hang_up(alice, bob)
            call(server, bob, alice, "alice")
            clock.tell("called")
            hang_up(bob, alice)
    case.__name__ = f"test_{name}_{protocol}_{'rtp' if rtp else 'web'}".lower()
    return case


enter_or_skip()
lab.run([make_idle_case("UDP"), make_idle_case("TCP"), make_idle_case("WSS"),
         make_call_case("UDP", True, True), make_call_case("TCP", True, False),
         make_call_case("UDP", False, False), make_call_case("WSS", False, True),
         make_outage_case("unplugged", Place.pull, Place.plug, 10, "UDP", True),
         make_outage_case("unplugged", Place.pull, Place.plug, 5, "WSS", False),
         make_outage_case("silent", Place.silence, Place.unsilence, 5, "TCP", True)])
