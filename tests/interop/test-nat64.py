"""A phone in a network of IPv6 only, whose router has all of IPv4 behind a prefix: it registers with
a server that has IPv4 only, calls phones that do, and is called by them."""

import contextlib
import subprocess
import time

import lab
import names
import peers
from place import SERVER, SERVER_6, Apart, Place, enter_or_skip, ip

DOMAIN = "lab.test"
PREFIX = "fd64:64::/96"
OUTSIDE = "10.64.0.0/24"  # the router's, of which a phone gets one
PEERS, PEER = "10.97.0.1", "10.97.0.2"  # with all that have no other version
TONE_OF_ALICE, TONE_OF_BOB = 1000, 400


class Translated(Place):
    """On a router that translates for who has no IPv4."""

    def __enter__(self):
        super().__enter__()
        self.outside = Apart()
        ip("link add peers type veth peer name peer", "link set peers up addrgenmode none",
           f"addr add {PEERS}/24 dev peers", f"link set peer netns {self.outside.holder.pid}")
        ip("link set peer up addrgenmode none", f"addr add {PEER}/24 dev peer",
           f"route add default via {PEERS}", within=self.outside.within)
        for name in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
            subprocess.run(["sysctl", "-qw", f"{name}=1"], check=True)
        folder = lab.make_folder("tayga")
        with open(f"{folder}/conf", "w", encoding="utf-8") as file:
            file.write(f"tun-device nat64\nipv4-addr {OUTSIDE[:-4]}1\nipv6-addr {SERVER_6}6\n"
                       f"prefix {PREFIX}\ndynamic-pool {OUTSIDE}\ndata-dir {folder}\n")
        subprocess.run(["tayga", "-c", f"{folder}/conf", "--mktun"], check=True,
                       stdout=subprocess.DEVNULL)
        ip("link set nat64 up", f"route add {PREFIX} dev nat64", f"route add {OUTSIDE} dev nat64")
        self.log = open(f"{folder}/log", "wb")
        self.router = lab.start(["tayga", "-c", f"{folder}/conf", "-d"], stdout=self.log,
                                stderr=self.log)
        return self

    def __exit__(self, *_):
        lab.stop(self.router)
        self.log.close()
        ip("link del nat64", "link del peers")
        self.outside.close()
        super().__exit__()


class Stage:
    """Alice in her place, first with the first of @versions only; a kamailio, and bob or a baresip,
    outside. @has_relay: a coturn there, and all that is seen of alice"""

    def __init__(self, protocol, by_name, rtp=True, versions=(6,), has_relay=False):
        self.protocol = protocol
        self.by_name = by_name
        self.rtp = rtp
        self.versions = versions
        self.has_relay = has_relay

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Translated(self.versions))
            for version in self.versions[1:]:
                self.place.leave(version)
            self.server = stack.enter_context(lab.Kamailio(host=PEERS))
            hosts = [SERVER if version == 4 else SERVER_6 for version in self.versions]
            stack.enter_context(names.Names(hosts, {
                (DOMAIN, "A"): [PEERS], ("ipv4only.arpa", "A"): ["192.0.0.170", "192.0.0.171"],
            }, PREFIX))
            more = {}
            if self.has_relay:
                more["servers"] = stack.enter_context(peers.Turn(PEERS)).servers()
            begin = time.monotonic()
            self.alice = stack.enter_context(
                self.phone("alice", TONE_OF_ALICE, DOMAIN if self.by_name else None,
                           within=self.place.within, **more))
            self.alice.expect("registered")
            print(f"# {self.protocol}: registered after {time.monotonic() - begin:.1f} s",
                  flush=True)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def phone(self, user, tone, name=None, **more):
        return lab.Phone(f"sip:{user}@{DOMAIN}", tone, answer=True, rtp=self.rtp,
                         server=self.server.server(self.protocol, name),
                         password=self.server.PASSWORDS[user], authority=self.server.authority,
                         **more)


def make_phone_case(protocol, by_name):
    """An ordinary phone, which sends to where a description says and nowhere else."""
    def case():
        with Stage(protocol, by_name) as stage, \
                peers.Baresip(PEERS, "peers", TONE_OF_BOB) as baresip:
            stage.alice.tell(do="invite", target=baresip.uri)
            call = baresip.take()
            stage.alice.expect("accepted", code=200)
            stage.alice.expect_tone(TONE_OF_BOB)
            baresip.expect_sound(call)
            stage.alice.tell(do="bye")
            baresip.expect_end(call)
    case.__name__ = f"test_phone_{protocol}_{'name' if by_name else 'number'}".lower()
    return case


def make_call_case(protocol, by_name, rtp):
    """Either calls the other one, through the server."""
    def case():
        with Stage(protocol, by_name, rtp) as stage, \
                stage.phone("bob", TONE_OF_BOB) as bob:
            bob.expect("registered")
            lab.call_each_other(stage.alice, bob)
    case.__name__ = (f"test_call_{protocol}_{'name' if by_name else 'number'}"
                     f"_{'rtp' if rtp else 'web'}").lower()
    return case


def test_relay_only():
    """She is seen at a relay that has IPv4 only, as has who is called."""
    with Stage("TCP", False, rtp=False, has_relay=True) as stage, \
            stage.phone("bob", TONE_OF_BOB, within=stage.place.outside.within) as bob:
        bob.expect("registered")
        lab.call_each_other(stage.alice, bob)


def make_move_case(protocol, by_name, rtp):
    """From a network of IPv4 to one without, and back, with somebody who has nothing but IPv4."""
    def case():
        with Stage(protocol, by_name, rtp, (4, 6)) as stage, \
                stage.phone("bob", TONE_OF_BOB, within=stage.place.outside.within) as bob:
            bob.expect("registered")
            stage.place.walk(stage.alice, bob)
    case.__name__ = (f"test_move_{protocol}_{'name' if by_name else 'number'}"
                     f"_{'rtp' if rtp else 'web'}").lower()
    return case


enter_or_skip("/dev/net/tun")
lab.run_beside([make_move_case("UDP", False, True), make_move_case("TCP", False, True),
                make_move_case("WSS", True, False), test_relay_only,
                make_phone_case("UDP", False), make_phone_case("TCP", True),
                make_call_case("UDP", True, True), make_call_case("TCP", False, True),
                make_call_case("UDP", False, False), make_call_case("WSS", True, False)], many=3)
