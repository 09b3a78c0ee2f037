"""A server of names (RFC 1035) that tells what a test says, or misbehaves as it says."""

import contextlib
import ipaddress
import os
import socket
import struct
import subprocess
import threading

import lab

TYPES = {"A": 1, "AAAA": 28, "SRV": 33}
NO_ERROR, SERVER_FAILURE, NO_SUCH_NAME = 0, 2, 3


def encode(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def decode(packet, start):
    """A name that stands whole in there, and where it ends."""
    parts = []
    while packet[start] > 0:
        parts.append(packet[start + 1:start + 1 + packet[start]].decode())
        start += 1 + packet[start]
    return ".".join(parts).lower(), start + 1


def encode_record(kind, value):
    if kind == "SRV":
        priority, port, host = value
        return struct.pack("!HHH", priority, 0, port) + encode(host)
    return socket.inet_pton(socket.AF_INET if kind == "A" else socket.AF_INET6, value)


def map_address(prefix, address):
    """Where an address of version 4 is behind a prefix of 96 bits (RFC 6052 2.2)."""
    return str(ipaddress.ip_network(prefix)[int(ipaddress.ip_address(address))])


class Names:
    """Asked by all that is in the file system of the test. @hosts: the address, or several, that it
    is asked at. @records: of a name and a kind. @prefix: behind which those are found that have no
    address of version 6 (RFC 6147), or None."""

    def __init__(self, hosts, records, prefix=None):
        self.records = records
        self.prefix = prefix
        self.trouble = NO_ERROR  # what everybody is answered
        self.delay = 0  # seconds; None where nobody is answered
        self.asked = []
        hosts = [hosts] if isinstance(hosts, str) else hosts
        host = hosts[0] if len(hosts) == 1 else "::"
        self.socket = socket.socket(lab.family_of(host), socket.SOCK_DGRAM)
        self.socket.bind((host, 53))
        self._mount("resolv.conf", "".join(f"nameserver {host}\n" for host in hosts))
        self._mount("nsswitch.conf", "hosts: dns\n")
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _mount(self, name, text):
        path = os.path.join(lab.make_folder("names"), name)
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        subprocess.run(["mount", "--bind", path, f"/etc/{name}"], check=True)

    def _read(self):
        while True:
            packet, peer = self.socket.recvfrom(512)
            if not packet:
                return
            if self.delay is not None:
                threading.Timer(self.delay, self._answer, [packet, peer]).start()

    def _answer(self, packet, peer):
        name, end = decode(packet, 12)
        number = struct.unpack("!H", packet[end:end + 2])[0]
        kind = next((kind for kind, value in TYPES.items() if value == number), None)
        self.asked.append((name, kind))
        known = any(name == of for of, _ in self.records)
        values = self.records.get((name, kind), [])
        if not values and kind == "AAAA" and self.prefix is not None:
            values = [map_address(self.prefix, value)
                      for value in self.records.get((name, "A"), [])]
        code = self.trouble or (NO_ERROR if known else NO_SUCH_NAME)
        if code != NO_ERROR:
            values = []
        answer = packet[:2] + struct.pack("!HHHHH", 0x8580 | code, 1, len(values), 0, 0)
        answer += packet[12:end + 4]
        for value in values:
            data = encode_record(kind, value)
            answer += encode(name) + struct.pack("!HHIH", number, 1, 1, len(data)) + data
        with contextlib.suppress(OSError):  # it is gone, or so are we
            self.socket.sendto(answer, peer)

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes who reads
        self.reader.join()
        for name in ("nsswitch.conf", "resolv.conf"):
            subprocess.run(["umount", f"/etc/{name}"], check=True)
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
