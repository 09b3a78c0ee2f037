"""Two servers that a name leads to: what is heard of it when the first does not serve, or when
nobody can tell where they are."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time

import lab
import names
from place import SERVER, Place, enter_or_skip, ip

OTHER = "10.99.0.11"
DOMAIN = "lab.test"
REFUSED = 4 * 3  # seconds to the next server, three times what is wanted: machines are slow
SERVICES = {"UDP": "_sip._udp", "TCP": "_sip._tcp", "TLS": "_sips._tcp"}
PORTS = {"UDP": "UDP", "TCP": "UDP", "TLS": "TLS"}  # of a kamailio


def phone(user, server, **more):
    return lab.Phone(f"sip:{user}@{DOMAIN}", 1000, server=server, rtp=True,
                     password=lab.Kamailio.PASSWORDS[user], **more)


def call_in(server, alice):
    """That she can be reached is seen by who reaches her."""
    with phone("bob", server.server("UDP")) as bob:
        bob.expect("registered")
        bob.tell(do="invite", target=f"sip:alice@{DOMAIN}")
        alice.expect("confirmed")
        bob.expect("accepted", code=200)
        bob.tell(do="bye")
        alice.expect("terminated")
        bob.expect("terminated")


class Stage:
    """A phone in a place of its own, and two kamailios of one name."""

    def __init__(self, protocol, **first):
        self.protocol = protocol
        self.first_options = first

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Place())
            ip(f"addr add {OTHER}/24 dev server")
            self.first = stack.enter_context(lab.Kamailio(host=SERVER, **self.first_options))
            self.second = stack.enter_context(lab.Kamailio(host=OTHER))
            self.names = stack.enter_context(names.Names(SERVER, {
                ("first.lab.test", "A"): [SERVER], ("second.lab.test", "A"): [OTHER]}))
            self.set_ports(self.first.ports[PORTS[self.protocol]])
            self.authority = f"{self.first.run}/both.pem"
            with open(self.authority, "w", encoding="utf-8") as both:
                for server in (self.first, self.second):
                    with open(server.authority, encoding="utf-8") as one:
                        both.write(one.read())
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def set_ports(self, first):
        self.names.records[(f"{SERVICES[self.protocol]}.{DOMAIN}", "SRV")] = [
            (1, first, "first.lab.test"),
            (2, self.second.ports[PORTS[self.protocol]], "second.lab.test")]

    def alice(self):
        """With a clock that can be put forward."""
        clock = ["env", f"LD_PRELOAD={os.environ['AHOY_CLOCK']}"]
        return phone("alice", f"sip:{DOMAIN};transport={self.protocol.lower()}", answer=True,
                     authority=self.authority, within=[*self.place.within, *clock], watched=True)


def is_silent(stage):
    """What is sent to the first is lost on the way."""
    port = stage.first.ports[PORTS[stage.protocol]]
    kind = "udp" if stage.protocol == "UDP" else "tcp"
    subprocess.run(["iptables", "-A", "INPUT", "-d", SERVER, "-p", kind, "--dport", str(port),
                    "-j", "DROP"], check=True)
    stage.stack.callback(subprocess.run, ["iptables", "-F", "INPUT"], check=True)


def is_dead(stage):
    stage.first.stop()


def is_busy(stage):
    """It answers with 503."""


def refuses_tls(stage):
    """It takes the connection, and sends an alert for what comes (RFC 8446 6)."""
    listener = socket.create_server((SERVER, 0))
    stage.stack.callback(listener.close)
    stage.set_ports(listener.getsockname()[1])

    def refuse():
        with contextlib.suppress(OSError):
            while True:
                with listener.accept()[0] as stream:
                    stream.recv(4096)
                    stream.sendall(b"\x15\x03\x03\0\x02\x02\x28")
    threading.Thread(target=refuse, daemon=True).start()


def make_fail_over_case(trouble, protocol, limit, **first):
    def case():
        with Stage(protocol, **first) as stage:
            trouble(stage)
            with stage.alice() as alice:
                begin = time.monotonic()
                alice.expect("registered", limit=limit)
                print(f"# {trouble.__name__}, {protocol}: registered after "
                      f"{time.monotonic() - begin:.1f} s", flush=True)
                call_in(stage.second, alice)
    case.__name__ = f"test_first_{trouble.__name__}_{protocol}".lower()
    return case


def pass_ten_minutes(alice):
    """For her alone."""
    alice.process.send_signal(signal.SIGUSR1)


def make_return_case(protocol):
    """The first is there again, and serves her again, but not before she has hung up."""
    def case():
        with Stage(protocol) as stage:
            is_dead(stage)
            with stage.alice() as alice, phone("bob", stage.second.server("UDP"), answer=True) as bob:
                alice.expect("registered")
                bob.expect("registered")
                stage.first.start()
                alice.begin()
                alice.tell(do="invite", target=f"sip:bob@{DOMAIN}")
                alice.expect("accepted", code=200)
                for _ in range(2):
                    pass_ten_minutes(alice)
                    alice.expect("registered")
                assert "disconnected" not in alice.names()
                alice.tell(do="bye")
                bob.expect("terminated", cause="BYE")
                pass_ten_minutes(alice)
                alice.expect("disconnected")
                alice.expect("registered")
                call_in(stage.first, alice)
    case.__name__ = f"test_return_{protocol}".lower()
    return case


enter_or_skip()
lab.run_beside([make_fail_over_case(is_silent, "UDP", 40), make_fail_over_case(is_silent, "TLS", 20),
                make_fail_over_case(is_silent, "TCP", 20),
                make_fail_over_case(refuses_tls, "TLS", REFUSED)]
               + [make_fail_over_case(is_dead, protocol, REFUSED) for protocol in SERVICES]
               + [make_fail_over_case(is_busy, protocol, REFUSED, busy=True)
                  for protocol in SERVICES]
               + [make_return_case(protocol) for protocol in SERVICES], many=4)
