"""A network for one phone, with a cable to the one of its server."""

import os
import subprocess
import sys
import time

import lab

SERVER, FIRST, SECOND = "10.99.0.1", "10.99.0.2", "10.99.0.3"
SERVER_6, FIRST_6 = "fd99::1", "fd99::2"
NO_WAIT = {4: "", 6: " nodad"}  # until nobody else has that address
ENDS = {4: (f"{SERVER}/24", f"{FIRST}/24"), 6: (f"{SERVER_6}/64", f"{FIRST_6}/64")}


def ip(*orders, within=()):
    for order in orders:
        subprocess.run([*within, "ip", *order.split()], check=True)


class Apart:
    """A network with nothing in it but loopback."""

    def __init__(self):
        self.holder = lab.start(["unshare", "-n", "sleep", "infinity"])
        self.within = ["nsenter", "-t", str(self.holder.pid), "-n"]
        name, end = f"/proc/{self.holder.pid}/ns/net", time.monotonic() + lab.LIMIT
        while os.readlink(name) == os.readlink("/proc/self/ns/net"):
            assert time.monotonic() < end, "it got no network of its own"
            time.sleep(0.01)
        ip("link set lo up", within=self.within)

    def close(self):
        lab.stop(self.holder)


class Place:
    """A network of the phone's own, with a cable to the server's. @versions: of IP"""

    def __init__(self, versions=(4,)):
        self.versions = versions

    def __enter__(self):
        self.network = Apart()
        self.within = self.network.within
        ip("link add server type veth peer name phone",
           f"link set phone netns {self.network.holder.pid}", "link set server up")
        ip("link set phone up", within=self.within)
        for version in self.versions:
            ip(f"addr add {ENDS[version][0]} dev server{NO_WAIT[version]}")
            self.join(version)
        return self

    def __exit__(self, *_):
        ip("link del server")
        self.network.close()

    def join(self, version):
        """A network of that version of IP."""
        server, phone = ENDS[version]
        ip(f"addr add {phone} dev phone{NO_WAIT[version]}",
           f"route add default via {server.split('/')[0]}", within=self.within)

    def leave(self, version):
        ip(f"-{version} route del default", f"addr del {ENDS[version][1]} dev phone",
           within=self.within)

    def walk(self, alice, bob):
        """From a network of IPv4 to one of IPv6, and back: it is one call for both, and afterwards
        either can be called."""
        alice.tell(do="invite", target=bob.uri)
        alice.expect("accepted", code=200)
        bob.expect("confirmed")
        lab.hear(alice, bob)
        for old, new in ((4, 6), (6, 4)):
            begin = time.monotonic()
            self.leave(old)
            self.join(new)
            bob.expect("reinvite")
            alice.expect("reinviteAccepted")
            lab.hear(alice, bob)
            print(f"# heard by version {new} after {time.monotonic() - begin:.1f} s", flush=True)
        assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
        bob.tell(do="bye")
        alice.expect("terminated", cause="BYE")
        bob.expect("terminated")
        lab.call_each_other(alice, bob)

    def change_address(self):
        """As somebody who walks to another room."""
        ip(f"addr del {FIRST}/24 dev phone", f"addr add {SECOND}/24 dev phone",
           f"route add default via {SERVER}", within=self.within)

    def pull(self):
        ip("link set phone down", within=self.within)

    def plug(self):
        ip("link set phone up", f"route add default via {SERVER}", within=self.within)

    def cut(self):
        """The server's end of every connection is gone at once."""
        subprocess.run(["ss", "-K", "-t", "dst", FIRST], check=True, stdout=subprocess.DEVNULL)

    def silence(self):
        """What goes to the phone is lost on the way."""
        ip(f"route add blackhole {FIRST}/32")

    def unsilence(self):
        ip(f"route del blackhole {FIRST}/32")


class Behind:
    """A network of the phone's own behind a router that lends it its address, and a port of its
    choice for each that it speaks to (RFC 4787 4.1: address and port-dependent mapping)."""

    ROUTER, INSIDE, PHONE = "10.99.0.2", "10.98.0.1", "10.98.0.2"

    def __enter__(self):
        self.router, self.network = Apart(), Apart()
        self.within = self.network.within
        ip("link add server type veth peer name outer",
           f"link set outer netns {self.router.holder.pid}",
           f"addr add {SERVER}/24 dev server", "link set server up",
           "route add default dev server",  # nobody there knows what is behind a router
           "link add inner type veth peer name phone",
           f"link set inner netns {self.router.holder.pid}",
           f"link set phone netns {self.network.holder.pid}")
        ip(f"addr add {self.ROUTER}/24 dev outer", "link set outer up",
           f"addr add {self.INSIDE}/24 dev inner", "link set inner up", within=self.router.within)
        ip(f"addr add {self.PHONE}/24 dev phone", "link set phone up",
           f"route add default via {self.INSIDE}", within=self.within)
        self._tell_router("sysctl -qw net.ipv4.ip_forward=1")
        self._tell_router("iptables -t nat -A POSTROUTING -o outer -j MASQUERADE --random-fully")
        return self

    def _tell_router(self, order):
        subprocess.run([*self.router.within, *order.split()], check=True)

    def forget_after(self, seconds):
        for name in ("timeout", "timeout_stream"):
            self._tell_router(f"sysctl -qw net.netfilter.nf_conntrack_udp_{name}={seconds}")

    def forget(self):
        """As a router that was switched off and on again."""
        ip("link set outer down", "link set outer up", within=self.router.within)

    def __exit__(self, *_):
        ip("link del server")
        self.network.close()
        self.router.close()


def can_make_networks():
    return subprocess.run(["unshare", "-n" if os.geteuid() == 0 else "-rn", "true"],
                          stderr=subprocess.DEVNULL).returncode == 0


def enter_or_skip(device=None):
    """Where the test is in a network of its own, and may make more of them; with @device, of that
    kind, too."""
    if not can_make_networks():
        print("1..0 # SKIP this machine makes no networks")
        sys.exit(0)
    if device is not None and not os.access(device, os.R_OK | os.W_OK):
        print(f"1..0 # SKIP this machine has no {device}")
        sys.exit(0)
    lab.enter_own_network()
