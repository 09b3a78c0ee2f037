"""What goes over loopback, as somebody reads it who has no part in the calls."""

import array
import base64
import hashlib
import os
import re
import socket
import struct
import subprocess
import threading
import time
import zlib

import lab
import sound

ETH_P_IP = 0x0800
HANDSHAKE = range(20, 64)  # the first byte of a packet of DTLS (RFC 7983)
STATIC = {"0": "PCMU", "3": "GSM", "8": "PCMA", "9": "G722"}  # RFC 3551 6


class Packet:
    """What one sent to another over UDP or, in one piece, over TCP."""

    def __init__(self, frame):
        self.when = time.monotonic()
        start = 14 + 4 * (frame[14] & 0x0F)
        ports = struct.unpack("!HH", frame[start:start + 4])
        self.is_datagram = frame[23] == socket.IPPROTO_UDP
        self.source = (socket.inet_ntoa(frame[26:30]), ports[0])
        self.target = (socket.inet_ntoa(frame[30:34]), ports[1])
        self.bytes = frame[start + (8 if self.is_datagram else 4 * (frame[start + 12] >> 4)):]

    @property
    def payload(self):
        """RFC 3550 5.1; what is in there, is another question."""
        start = 12 + 4 * (self.bytes[0] & 0x0F)
        if self.bytes[0] & 0x10:
            start += 4 + 4 * struct.unpack("!H", self.bytes[start + 2:start + 4])[0]
        return self.bytes[start:]

    @property
    def payload_type(self):
        return self.bytes[1] & 0x7F

    def is_rtp(self):
        return (self.is_datagram and len(self.bytes) > 12 and self.bytes[0] >> 6 == 2
                and not 64 <= self.payload_type < 96)

    def is_handshake(self):
        return self.is_datagram and len(self.bytes) > 0 and self.bytes[0] in HANDSHAKE


class Description:
    """Where one side of a call wants its sound to, and the keys that it encrypts its own with."""

    def __init__(self, text):
        self.text = text
        host = re.search(r"^c=IN IP4 (\S+)", text, re.M)[1]
        self.proto = re.search(r"^m=audio \d+ (\S+)", text, re.M)[1]
        self.formats = STATIC | dict(re.findall(r"^a=rtpmap:(\d+) ([^/\s]+)", text, re.M))
        self.place = (host, int(re.search(r"^m=audio (\d+)", text, re.M)[1]))
        self.fingerprint = re.search(r"^a=fingerprint:sha-256 (\S+)", text, re.M | re.I)
        self.keys = {tag: (suite, key) for tag, suite, key in
                     re.findall(r"^a=crypto:(\d+) (\S+) inline:([^|\s]+)", text, re.M)}

    def is_by(self, certificate):
        """Whether this describes who has that certificate (RFC 8122 5)."""
        return self.fingerprint[1].upper() == hashlib.sha256(certificate).digest().hex(":").upper()


class Wire:
    """Everything since begin()."""

    def __init__(self, interface="lo"):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_IP))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((interface, ETH_P_IP))
        self.packets = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                frame, (_, _, way, _, _) = self.socket.recvfrom(65536)
            except OSError:
                return  # the network is gone
            if way != socket.PACKET_OUTGOING and frame[23] in (socket.IPPROTO_UDP,
                                                               socket.IPPROTO_TCP):
                self.packets.append(Packet(frame))

    def begin(self):
        self.packets = []

    def texts(self, start):
        """Messages of SIP."""
        return [packet.bytes.decode(errors="replace") for packet in list(self.packets)
                if packet.bytes.startswith(start)]

    def expect_from(self, host, start):
        """The first packet from there that begins so."""
        end = time.monotonic() + lab.LIMIT
        while True:
            for packet in list(self.packets):
                if packet.source[0] == host and packet.bytes.startswith(start):
                    return packet
            assert time.monotonic() < end, f"{host} did not say {start}"
            time.sleep(0.05)

    def expect_text(self, start):
        end = time.monotonic() + lab.LIMIT
        while not self.texts(start):
            assert time.monotonic() < end, f"nobody said {start}"
            time.sleep(0.05)

    def descriptions(self):
        """Of the first call: what was offered, and what answered it."""
        offer = next(text for text in self.texts(b"INVITE ") if "\nm=audio" in text)
        answer = next(text for text in self.texts(b"SIP/2.0 200") if "\nm=audio" in text)
        return Description(offer), Description(answer)

    def rtp_from(self, place):
        return [packet for packet in list(self.packets)
                if packet.source == place and packet.is_rtp()]

    def expect_rtp(self, place, count):
        """Waits until so many packets went out from there."""
        end = time.monotonic() + lab.LIMIT
        while len(self.rtp_from(place)) < count:
            assert time.monotonic() < end, \
                f"of {place} only {len(self.rtp_from(place))} packets are seen"
            time.sleep(0.05)

    def checks_from(self, place):
        """Binding requests of STUN (RFC 8489 5)."""
        return [packet for packet in list(self.packets) if packet.source == place
                and packet.bytes[:2] == b"\0\1" and packet.bytes[4:8] == b"\x21\x12\xa4\x42"]

    def handshake_from(self, place):
        return [packet for packet in list(self.packets)
                if packet.source == place and packet.is_handshake()]


def records(packet):
    """Of DTLS: what kind each is, in which epoch, and what is in it (RFC 6347 4.1)."""
    rest = packet.bytes
    while len(rest) >= 13:
        kind, _, epoch, _, _, size = struct.unpack("!BHHHIH", rest[:13])
        yield kind, epoch, rest[13:13 + size]
        rest = rest[13 + size:]


def certificate_of(packets):
    """Whose sender shook hands, in the clear as it goes over the wire (RFC 6347 4.2.2)."""
    parts = {}
    for packet in packets:
        for kind, epoch, rest in records(packet):
            while (kind, epoch) == (22, 0) and len(rest) >= 12:
                start, size = int.from_bytes(rest[6:9], "big"), int.from_bytes(rest[9:12], "big")
                if rest[0] == 11:
                    parts[start] = rest[12:12 + size]
                rest = rest[12 + size:]
    message = b"".join(parts[start] for start in sorted(parts))
    return message[6:6 + int.from_bytes(message[3:6], "big")]


def open_packets(packets, suite, key):
    """What is in them, by libsrtp2 and the key alone; None for one that it does not open."""
    lines = "".join(packet.bytes.hex() + "\n" for packet in packets)
    done = subprocess.run([os.environ["AHOY_OPEN_SRTP"], suite, key], input=lines, text=True,
                          stdout=subprocess.PIPE, check=True)
    opened = done.stdout.splitlines()
    assert len(opened) == len(packets), f"{len(opened)} of {len(packets)}"
    return [None if line == "-" else bytes.fromhex(line) for line in opened]


def other_key(key):
    """One of the same length that differs in a bit."""
    changed = bytearray(base64.b64decode(key + "=" * (-len(key) % 4)))
    changed[0] ^= 1
    return base64.b64encode(changed).decode()


def is_noise(payloads):
    """Nothing in there can be made shorter."""
    together = b"".join(payloads)
    return len(zlib.compress(together, 9)) > 0.99 * len(together)


def ulaw_sample(byte):
    """ITU-T G.711."""
    byte = ~byte & 0xFF
    size = ((((byte & 0x0F) << 3) + 0x84) << ((byte & 0x70) >> 4)) - 0x84
    return -size if byte & 0x80 else size


def alaw_sample(byte):
    byte ^= 0x55
    exponent, size = (byte & 0x70) >> 4, ((byte & 0x0F) << 4) + 8
    if exponent > 0:
        size = (size + 0x100) << (exponent - 1)
    return size if byte & 0x80 else -size


SAMPLES = {"PCMU": [ulaw_sample(byte) for byte in range(256)],
           "PCMA": [alaw_sample(byte) for byte in range(256)]}


def decode(codec, payloads):
    """G.711 as samples."""
    table = SAMPLES[codec]
    return array.array("h", (table[byte] for payload in payloads for byte in payload)), 8000


def encode(codec, samples):
    table = SAMPLES[codec]
    return bytes(min(range(256), key=lambda byte: abs(table[byte] - sample)) for sample in samples)


def write_stream(path, codec, frequency):
    """A second of a tone in G.711."""
    with open(path, "wb") as target:
        target.write(encode(codec, sound.make_tone(frequency, 8000)))


def write_recording(path, codec, frequency, seconds):
    """A tone as packets of G.711, 20 ms each, in the format of pcap."""
    encoded = encode(codec, sound.make_tone(frequency, 8000))
    number = next(key for key, name in STATIC.items() if name == codec)
    with open(path, "wb") as target:
        target.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for n in range(50 * seconds):
            at = 160 * n % 8000
            rtp = struct.pack("!BBHII", 0x80, int(number), n, 160 * n, 1)
            rtp += encoded[at:at + 160]
            udp = struct.pack("!HHHH", 4000, 4000, 8 + len(rtp), 0) + rtp
            ip = struct.pack("!BBHHHBBHII", 0x45, 0, 20 + len(udp), n, 0, 64, socket.IPPROTO_UDP, 0,
                             0x7F000001, 0x7F000001)
            frame = bytes(12) + struct.pack("!H", ETH_P_IP) + ip + udp
            target.write(struct.pack("<IIII", n // 50, n % 50 * 20000, len(frame), len(frame)))
            target.write(frame)
