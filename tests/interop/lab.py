"""A kamailio of our own on loopback, phones to drive, and the sound they heard."""

import array
import glob
import json
import math
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import wave

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = float(os.environ.get("AHOY_TEST_LIMIT", "60"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Kamailio:
    """Registrar and proxy on UDP, TCP, TLS, WS and WSS; users alice, bob, carol."""

    PASSWORDS = {"alice": "secret", "bob": "bob-secret", "carol": "carol-secret"}

    def __init__(self, algorithm="MD5", udp=None):
        self.run = tempfile.mkdtemp(prefix="ahoy-lab-")
        self.ports = {name: free_port() for name in ("UDP", "TLS", "WS", "WSS")}
        if udp is not None:
            self.ports["UDP"] = udp
        self.algorithm = algorithm
        self.process = None

    def __enter__(self):
        self._make_certificate()
        with open(os.path.join(HERE, "kamailio.cfg.in"), encoding="utf-8") as source:
            text = source.read()
        marks = {"RUN": self.run, "ALGORITHM": self.algorithm, **self.ports}
        marks["MODULES"] = glob.glob("/usr/lib/*/kamailio/modules")[0]
        for mark, value in marks.items():
            text = text.replace(f"@{mark}@", str(value))
        path = os.path.join(self.run, "kamailio.cfg")
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        self.log = open(os.path.join(self.run, "log"), "wb")
        self.process = subprocess.Popen(
            ["kamailio", "-f", path, "-DD", "-E", "-m", "32", "-M", "4", "-Y", self.run],
            stdout=self.log, stderr=self.log)
        self._wait_until_up()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.run)

    def _make_certificate(self):
        def openssl(*args):
            subprocess.run(["openssl", *args], cwd=self.run, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem",
                "-addext", "basicConstraints=critical,CA:TRUE")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-subj", "/CN=lab.test", "-keyout", "server.key", "-out", "server.csr")
        with open(os.path.join(self.run, "ext"), "w", encoding="utf-8") as ext:
            ext.write("subjectAltName=DNS:localhost,DNS:lab.test,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", "ext", "-out", "server.pem")

    def _wait_until_up(self):
        request = (f"OPTIONS sip:up@127.0.0.1:{self.ports['UDP']} SIP/2.0\r\n"
                   "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKup;rport\r\n"
                   "From: <sip:up@up.invalid>;tag=1\r\nTo: <sip:up@up.invalid>\r\n"
                   "Call-ID: up\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n")
        end = time.monotonic() + LIMIT
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            while time.monotonic() < end and self.process.poll() is None:
                try:
                    probe.sendto(request.encode(), ("127.0.0.1", self.ports["UDP"]))
                    probe.recv(4096)
                    return
                except OSError:
                    continue
        with open(os.path.join(self.run, "log"), encoding="utf-8", errors="replace") as log:
            raise RuntimeError("kamailio did not start:\n" + log.read()[-3000:])

    @property
    def domain(self):
        return f"127.0.0.1:{self.ports['UDP']}"

    def server(self, protocol):
        return {
            "UDP": f"sip:127.0.0.1:{self.ports['UDP']};transport=udp",
            "TCP": f"sip:127.0.0.1:{self.ports['UDP']};transport=tcp",
            "TLS": f"sip:127.0.0.1:{self.ports['TLS']};transport=tls",
            "WS": f"ws://127.0.0.1:{self.ports['WS']}",
            "WSS": f"wss://127.0.0.1:{self.ports['WSS']}",
        }[protocol]

    @property
    def authority(self):
        return os.path.join(self.run, "ca.pem")


class Lines:
    """A program that tells what happens as lines of JSON, and is told what to do likewise."""

    def __init__(self, argv, **options):
        self.process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, **options)
        self.events = []
        self.unread = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.unread.put(json.loads(line))
            else:
                sys.stderr.write(line)
        self.unread.put({"event": "exit"})

    def tell(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()

    def expect(self, event, limit=LIMIT, **fields):
        """Waits for the next event of that name; what comes before is kept in `events`."""
        end = time.monotonic() + limit
        while True:
            try:
                got = self.unread.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no “{event}”; saw {self.names()}") from None
            self.events.append(got)
            if got["event"] == event:
                for name, value in fields.items():
                    assert got.get(name) == value, f"{event}: {got}, wanted {name}={value!r}"
                return got
            assert got["event"] != "exit", f"ended before “{event}”; saw {self.names()}"

    def drain(self):
        while not self.unread.empty():
            self.events.append(self.unread.get())

    def names(self):
        return [event["event"] for event in self.events]

    def close(self):
        if self.process.poll() is None:
            try:
                self.tell(do="quit")
                self.process.wait(10)
            except (OSError, subprocess.TimeoutExpired):
                self.process.terminate()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Phone(Lines):
    """A user agent of the library, driven from JavaScript; it sends a tone and keeps what it hears."""

    def __init__(self, uri, tone, server="", password="", authority="", **more):
        self.folder = tempfile.mkdtemp(prefix="ahoy-phone-")
        setting = {"uri": uri, "server": server, "password": password, "authority": authority,
                   "tone": tone, "folder": self.folder, **more}
        super().__init__(["gjs", os.path.join(HERE, "phone.js"), json.dumps(setting)])

    def close(self):
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def heard(self):
        """The samples of the last call, complete once the session has ended."""
        files = sorted(glob.glob(os.path.join(self.folder, "*.wav")))
        return read_wave(files[-1]) if files else (array.array("h"), 8000)


def read_wave(path):
    if os.path.getsize(path) <= 44:
        return array.array("h"), 8000
    with wave.open(path, "rb") as source:
        assert source.getsampwidth() == 2 and source.getnchannels() == 1
        return array.array("h", source.readframes(source.getnframes())), source.getframerate()


def tone_share(samples, rate, frequency):
    """How much of the sound, 0 to 1, is this tone (Goertzel), in the loudest 200 ms."""
    size = rate // 5
    best = 0.0
    for start in range(0, len(samples) - size, size):
        block = samples[start:start + size]
        energy = sum(s * s for s in block)
        if energy < size * 100 * 100:
            continue
        coefficient = 2 * math.cos(2 * math.pi * frequency / rate)
        older = old = 0.0
        for sample in block:
            older, old = old, sample + coefficient * old - older
        power = older * older + old * old - coefficient * older * old
        best = max(best, 2 * power / (size * energy))
    return best


def assert_tone(heard, frequency, absent=None):
    samples, rate = heard
    share = tone_share(samples, rate, frequency)
    assert share > 0.8, f"{frequency} Hz is only {share:.2f} of {len(samples)} samples"
    if absent is not None:
        assert tone_share(samples, rate, absent) < 0.2, f"{absent} Hz should not be there"


def run(cases):
    """Runs functions as TAP."""
    print(f"1..{len(cases)}", flush=True)
    failed = 0
    for number, case in enumerate(cases, 1):
        name = case.__name__.removeprefix("test_").replace("_", "-")
        try:
            case()
            print(f"ok {number} {name}", flush=True)
        except Exception:  # every failure is a line of TAP
            import traceback
            failed += 1
            for line in traceback.format_exc().splitlines():
                print("# " + line)
            print(f"not ok {number} {name}", flush=True)
    sys.exit(1 if failed else 0)
