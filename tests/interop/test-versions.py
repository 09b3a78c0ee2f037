"""Networks of either version of IP, of both where one is broken, and of small packets: an account
registers in each, and the sound of a call goes both ways."""

import contextlib
import subprocess
import time

import lab
import names
import peers
from place import SERVER, SERVER_6, Place, enter_or_skip, ip

DOMAIN = "lab.test"
TONE_OF_ALICE, TONE_OF_BOB = 1000, 400
FALL_BACK = 3 * 2  # seconds to version 4, three times what is wanted: machines are slow
TRANSPORTS = ("UDP", "TCP", "TLS", "WSS")


class Stage:
    """A kamailio at @host and, with it, a baresip; a phone in a place of these @versions. The name
    of the server has all @addresses."""

    def __init__(self, protocol, versions, host, addresses, **more):
        self.protocol = protocol
        self.versions = versions
        self.host = host
        self.addresses = addresses
        self.more = more

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Place(self.versions))
            self.server = stack.enter_context(lab.Kamailio(host=self.host))
            stack.enter_context(names.Names(self.host, {
                (DOMAIN, "AAAA" if ":" in address else "A"): [address]
                for address in self.addresses}))
            self.baresip = stack.enter_context(
                peers.Baresip(self.host, "server", TONE_OF_BOB))
            self.alice = stack.enter_context(
                self.phone("alice", TONE_OF_ALICE, self.protocol, within=self.place.within,
                           **self.more))
            self.begin = time.monotonic()
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def phone(self, user, tone, protocol, **more):
        return lab.Phone(f"sip:{user}@{DOMAIN}", tone, answer=True,
                         server=self.server.server(protocol, DOMAIN),
                         password=self.server.PASSWORDS[user], authority=self.server.authority,
                         **more)

    def register(self, limit):
        self.alice.expect("registered", limit=limit)
        print(f"# {self.protocol}: registered after {time.monotonic() - self.begin:.1f} s",
              flush=True)

    def call_both_ways(self):
        self.alice.tell(do="invite", target=self.baresip.uri)
        call = self.baresip.take()
        self.alice.expect("accepted", code=200)
        self.hear(call)
        self.alice.tell(do="bye")
        self.baresip.expect_end(call)

    def hear(self, call):
        self.alice.expect_tone(TONE_OF_BOB)
        self.baresip.expect_sound(call)


def make_version_case(version, protocol):
    """There is no other one."""
    def case():
        host = SERVER_6 if version == 6 else SERVER
        with Stage(protocol, (version,), host, [SERVER, SERVER_6], rtp=True) as stage:
            stage.register(lab.LIMIT)
            stage.call_both_ways()
    case.__name__ = f"test_version_{version}_{protocol}".lower()
    return case


def make_broken_case(protocol):
    """What goes by version 6 is lost on the way."""
    def case():
        subprocess.run(["ip6tables", "-A", "INPUT", "-p", "udp", "-j", "DROP"], check=True)
        subprocess.run(["ip6tables", "-A", "INPUT", "-p", "tcp", "-j", "DROP"], check=True)
        with Stage(protocol, (4, 6), SERVER, [SERVER, SERVER_6], rtp=True) as stage:
            stage.register(FALL_BACK)
            stage.call_both_ways()
    case.__name__ = f"test_broken_version_6_{protocol}".lower()
    return case


def make_small_case(version):
    """The INVITE of a browser's kind of call is larger than a packet, and so it takes a stream (RFC
    3261 18.1.1); what the server sends on in datagrams arrives in pieces."""
    def case():
        host = SERVER_6 if version == 6 else SERVER
        with Stage("UDP", (version,), host, [host]) as stage:
            ip("link set server mtu 1280")
            ip("link set phone mtu 1280", within=stage.place.within)
            stage.register(lab.LIMIT)
            with stage.phone("bob", TONE_OF_BOB, "UDP") as bob:
                bob.expect("registered")
                for invite in lab.call_each_other(stage.alice, bob):
                    vias = invite["vias"]
                    assert [via.split()[0] for via in vias] == ["SIP/2.0/UDP", "SIP/2.0/TCP"], vias
    case.__name__ = f"test_small_packets_version_{version}"
    return case


def make_move_case(protocol, rtp):
    """She walks from a network of either version to one of the other; all others have both."""
    def case():
        with Place((4, 6)) as place, lab.Kamailio(host=SERVER, other=SERVER_6) as server, \
                names.Names([SERVER, SERVER_6], {(DOMAIN, "A"): [SERVER],
                                                 (DOMAIN, "AAAA"): [SERVER_6]}):
            def phone(user, tone, **more):
                return lab.Phone(f"sip:{user}@{DOMAIN}", tone, answer=True, rtp=rtp,
                                 server=server.server(protocol, DOMAIN),
                                 password=server.PASSWORDS[user], authority=server.authority,
                                 **more)
            place.leave(6)
            with phone("alice", TONE_OF_ALICE, within=place.within) as alice, \
                    phone("bob", TONE_OF_BOB) as bob:
                alice.expect("registered")
                bob.expect("registered")
                place.walk(alice, bob)
    case.__name__ = f"test_move_{protocol}_{'rtp' if rtp else 'web'}".lower()
    return case


enter_or_skip()
lab.run_beside([make_version_case(6, protocol) for protocol in TRANSPORTS]
               + [make_version_case(4, "UDP"), make_version_case(4, "TCP")]
               + [make_broken_case(protocol) for protocol in TRANSPORTS]
               + [make_small_case(4), make_small_case(6)]
               + [make_move_case("UDP", True), make_move_case("TLS", True),
                  make_move_case("WSS", False)], many=3)
