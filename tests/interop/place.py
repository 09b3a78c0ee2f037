"""A network for one phone, with a cable to the one of its server."""

import os
import subprocess
import sys
import time

import lab

SERVER, FIRST, SECOND = "10.99.0.1", "10.99.0.2", "10.99.0.3"
SERVER_6, FIRST_6 = "fd99::1", "fd99::2"


def ip(*orders, within=()):
    for order in orders:
        subprocess.run([*within, "ip", *order.split()], check=True)


class Place:
    """A network of the phone's own, with a cable to the server's. @versions: of IP"""

    def __init__(self, versions=(4,)):
        self.versions = versions

    def __enter__(self):
        self.holder = lab.start(["unshare", "-n", "sleep", "infinity"])
        self.within = ["nsenter", "-t", str(self.holder.pid), "-n"]
        self._wait_until_apart()
        ip("link add server type veth peer name phone",
           f"link set phone netns {self.holder.pid}", "link set server up")
        ip("link set lo up", "link set phone up", within=self.within)
        if 4 in self.versions:
            ip(f"addr add {SERVER}/24 dev server")
            ip(f"addr add {FIRST}/24 dev phone", f"route add default via {SERVER}",
               within=self.within)
        if 6 in self.versions:
            ip(f"addr add {SERVER_6}/64 dev server nodad")
            ip(f"addr add {FIRST_6}/64 dev phone nodad", f"route add default via {SERVER_6}",
               within=self.within)
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

    def cut(self):
        """The server's end of every connection is gone at once."""
        subprocess.run(["ss", "-K", "-t", "dst", FIRST], check=True, stdout=subprocess.DEVNULL)

    def silence(self):
        """What goes to the phone is lost on the way."""
        ip(f"route add blackhole {FIRST}/32")

    def unsilence(self):
        ip(f"route del blackhole {FIRST}/32")


def can_make_networks():
    return subprocess.run(["unshare", "-n" if os.geteuid() == 0 else "-rn", "true"],
                          stderr=subprocess.DEVNULL).returncode == 0


def enter_or_skip():
    """Where the test is in a network of its own, and may make more of them."""
    if not can_make_networks():
        print("1..0 # SKIP this machine makes no networks")
        sys.exit(0)
    lab.enter_own_network()
