"""A phone whose network changes: where it is told, how long until it can be called, and what is
heard in a call that went on."""

import contextlib
import os
import subprocess
import sys
import time

import lab

SERVER, FIRST, SECOND = "10.99.0.1", "10.99.0.2", "10.99.0.3"
TONE_OF_ALICE, TONE_OF_BOB = 1000, 400


def ip(*orders, within=()):
    for order in orders:
        subprocess.run([*within, "ip", *order.split()], check=True)


class Place:
    """A network of the phone's own, with a cable to the server's."""

    def __enter__(self):
        self.holder = lab.start(["unshare", "-n", "sleep", "infinity"])
        self.within = ["nsenter", "-t", str(self.holder.pid), "-n"]
        self._wait_until_apart()
        ip("link add server type veth peer name phone",
           f"link set phone netns {self.holder.pid}", f"addr add {SERVER}/24 dev server",
           "link set server up")
        ip("link set lo up", f"addr add {FIRST}/24 dev phone", "link set phone up",
           f"route add default via {SERVER}", within=self.within)
        return self

    def _wait_until_apart(self):
        name, end = f"/proc/{self.holder.pid}/ns/net", time.monotonic() + lab.LIMIT
        while os.readlink(name) == os.readlink("/proc/self/ns/net"):
            assert time.monotonic() < end, "it got no network of its own"
            time.sleep(0.01)

    def __exit__(self, *_):
        ip("link del server")
        lab.stop(self.holder)

    def change_address(self):
        """As somebody who walks to another room."""
        ip(f"addr del {FIRST}/24 dev phone", f"addr add {SECOND}/24 dev phone",
           f"route add default via {SERVER}", within=self.within)

    def pull(self):
        ip("link set phone down", within=self.within)

    def plug(self):
        ip("link set phone up", f"route add default via {SERVER}", within=self.within)

    def silence(self):
        """What goes to the phone is lost on the way."""
        ip(f"route add blackhole {FIRST}/32")

    def unsilence(self):
        ip(f"route del blackhole {FIRST}/32")


class Clock:
    def __init__(self, what):
        self.what = what
        self.start = time.monotonic()

    def tell(self, event):
        seconds = time.monotonic() - self.start
        print(f"# {self.what}: {event} after {seconds:.1f} s", flush=True)
        return seconds


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
            assert clock.tell("registered") < 4
            call(server, bob, alice, "alice")
            assert clock.tell("called") < 5
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
            assert clock.tell("re-INVITE") < 5
            alice.expect("reinviteAccepted")
            hear(alice, bob)
            assert clock.tell("heard") < 10
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
            assert clock.tell("heard") < 15
            assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
            hang_up(alice, bob)
            call(server, bob, alice, "alice")
            assert clock.tell("called") < 25
            hang_up(bob, alice)
    case.__name__ = f"test_{name}_{protocol}_{'rtp' if rtp else 'web'}".lower()
    return case


def can_make_networks():
    return subprocess.run(["unshare", "-n" if os.geteuid() == 0 else "-rn", "true"],
                          stderr=subprocess.DEVNULL).returncode == 0


if not can_make_networks():
    print("1..0 # SKIP this machine makes no networks")
    sys.exit(0)
lab.enter_own_network()
lab.run([make_idle_case("UDP"), make_idle_case("TCP"), make_idle_case("WSS"),
         make_call_case("UDP", True, True), make_call_case("TCP", True, False),
         make_call_case("UDP", False, False), make_call_case("WSS", False, True),
         make_outage_case("unplugged", Place.pull, Place.plug, 10, "UDP", True),
         make_outage_case("unplugged", Place.pull, Place.plug, 5, "WSS", False),
         make_outage_case("silent", Place.silence, Place.unsilence, 5, "TCP", True)])
