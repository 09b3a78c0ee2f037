"""A kamailio of our own on loopback, phones to drive, and what leaves nothing behind."""

import concurrent.futures
import contextlib
import functools
import glob
import json
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import sound

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = float(os.environ.get("AHOY_TEST_LIMIT", "60"))
PORTS = 21000, 32000  # below those that the system gives away
taken = []  # of them: sockets whose names tell the other tests of this network


@functools.cache
def scratch():
    """One folder for all that a run of a test writes, gone when that ends, well or badly."""
    return tempfile.TemporaryDirectory(prefix="ahoy-interop-", ignore_cleanup_errors=True)


def give_up(*_):
    """Whoever ends us gives us half a second."""
    scratch().cleanup()
    sys.exit(1)


def make_folder(name):
    return tempfile.mkdtemp(prefix=f"{name}-", dir=scratch().name)


def start(argv, **options):
    """A program whose own temporary files are among ours."""
    environment = {**os.environ, "TMPDIR": scratch().name, **options.pop("env", {})}
    return subprocess.Popen(argv, env=environment, **options)


def stop(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port():
    """One that the system gives nobody who asks for any, and no other test takes."""
    while True:
        port = random.randrange(*PORTS)
        mark = socket.socket(socket.AF_UNIX)
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            try:
                mark.bind(f"\0ahoy-port-{port}")
                stream.bind(("", port))
                datagrams.bind(("", port))
                taken.append(mark)
                return port
            except OSError:
                mark.close()


def in_uri(host):
    """RFC 3261 25.1: an address of version 6 stands in brackets."""
    return f"[{host}]" if ":" in host else host


def family_of(host):
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class Kamailio:
    """Registrar and proxy on UDP, TCP, TLS, WS and WSS; users alice, bob, carol."""

    PASSWORDS = {"alice": "secret", "bob": "bob-secret", "carol": "carol-secret"}

    def __init__(self, algorithm="MD5", udp=None, gateway=None, host="127.0.0.1", busy=False,
                 other=None):
        self.run = make_folder("kamailio")
        self.host = host
        self.other = other  # its address of the other version of IP, or None
        self.ports = {name: free_port() for name in ("UDP", "TLS", "WS", "WSS")}
        if udp is not None:
            self.ports["UDP"] = udp
        self.algorithm = algorithm
        self.gateway = gateway
        self.busy = busy
        self.process = None

    def __enter__(self):
        self._make_certificate()
        with open(os.path.join(HERE, "kamailio.cfg.in"), encoding="utf-8") as source:
            text = source.read()
        marks = {"RUN": self.run, "HOST": in_uri(self.host), "ALGORITHM": self.algorithm,
                 "IPV6": "yes" if ":" in self.host + (self.other or "") else "no",
                 "OTHER": in_uri(self.other or ""), **self.ports}
        if self.gateway is not None:
            marks["GATEWAY"] = self.gateway.port
        marks["MODULES"] = glob.glob("/usr/lib/*/kamailio/modules")[0]
        for mark, value in marks.items():
            text = text.replace(f"@{mark}@", str(value))
        self.path = os.path.join(self.run, "kamailio.cfg")
        with open(self.path, "w", encoding="utf-8") as target:
            target.write(text)
        self.log = open(os.path.join(self.run, "log"), "wb")
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        self.process = start(
            ["kamailio", "-f", self.path, "-DD", "-E", "-m", "32", "-M", "4", "-Y", self.run,
             *([] if self.gateway is None else ["-A", "GATEWAY"]),
             *(["-A", "BUSY"] if self.busy else []),
             *(["-A", "BOTH"] if self.other is not None else [])],
            stdout=self.log, stderr=self.log, start_new_session=True)
        self._wait_until_up()

    def stop(self):
        """With all of its processes: one that lives on keeps the ports."""
        stop(self.process)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        end = time.monotonic() + LIMIT
        while not all(self._is_free(port) for port in self.ports.values()):
            assert time.monotonic() < end, "kamailio does not let go of its ports"
            time.sleep(0.02)

    def _is_free(self, port):
        with socket.socket(family_of(self.host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, port))
            except OSError:
                return False
        return True

    def restart(self):
        self.stop()
        self.start()

    def __exit__(self, *_):
        self.stop()
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
            ext.write(f"subjectAltName=DNS:localhost,DNS:lab.test,IP:{self.host}\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", "ext", "-out", "server.pem")

    def _wait_until_up(self):
        request = (f"OPTIONS sip:up@{self.domain} SIP/2.0\r\n"
                   f"Via: SIP/2.0/UDP {in_uri(self.host)};branch=z9hG4bKup;rport\r\n"
                   "From: <sip:up@up.invalid>;tag=1\r\nTo: <sip:up@up.invalid>\r\n"
                   "Call-ID: up\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n")
        end = time.monotonic() + LIMIT
        with socket.socket(family_of(self.host), socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            while time.monotonic() < end and self.process.poll() is None:
                try:
                    probe.sendto(request.encode(), (self.host, self.ports["UDP"]))
                    probe.recv(4096)
                    return
                except OSError:
                    continue
        with open(os.path.join(self.run, "log"), encoding="utf-8", errors="replace") as log:
            raise RuntimeError("kamailio did not start:\n" + log.read()[-3000:])

    @property
    def domain(self):
        return f"{in_uri(self.host)}:{self.ports['UDP']}"

    def server(self, protocol, name=None):
        """Its address by that way; @name: that it is looked for by."""
        host = name or in_uri(self.host)
        return {
            "UDP": f"sip:{host}:{self.ports['UDP']};transport=udp",
            "TCP": f"sip:{host}:{self.ports['UDP']};transport=tcp",
            "TLS": f"sip:{host}:{self.ports['TLS']};transport=tls",
            "WS": f"ws://{host}:{self.ports['WS']}",
            "WSS": f"wss://{host}:{self.ports['WSS']}",
        }[protocol]

    @property
    def authority(self):
        return os.path.join(self.run, "ca.pem")


class Gateway:
    """An rtpengine that turns the media of browsers into that of ordinary phones, and back."""

    def __init__(self, host):
        self.host = host
        self.port = free_port()

    def __enter__(self):
        self.log = open(os.path.join(make_folder("rtpengine"), "log"), "wb")
        self.process = start(
            ["rtpengine", "--config-file=none", "--table=-1", f"--interface={self.host}",
             f"--listen-ng=127.0.0.1:{self.port}", "--foreground", "--log-stderr"],
            stdout=self.log, stderr=self.log)
        try:
            self._wait_until_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_until_up(self):
        end = time.monotonic() + LIMIT
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            while time.monotonic() < end and self.process.poll() is None:
                try:
                    probe.sendto(b"up d7:command4:pinge", ("127.0.0.1", self.port))
                    probe.recv(4096)
                    return
                except OSError:
                    continue
        raise RuntimeError("rtpengine did not start")

    def __exit__(self, *_):
        stop(self.process)
        self.log.close()


class Teller:
    """Somebody who tells what happens, as events that are read one after the other."""

    def __init__(self):
        self.events = []
        self.unread = queue.Queue()

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

    def expect_that(self, event, **fields):
        """Waits for an event with these fields; others of that name are passed over."""
        while True:
            got = self.expect(event)
            if all(got.get(name) == value for name, value in fields.items()):
                return got

    def drain(self):
        while not self.unread.empty():
            self.events.append(self.unread.get())

    def names(self):
        return [event["event"] for event in self.events]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Lines(Teller):
    """A program that tells what happens as lines of JSON, and is told what to do likewise."""

    def __init__(self, argv, **options):
        super().__init__()
        self.process = start(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             **options)
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

    def begin(self):
        """From here on calls are counted anew, and nothing is left to read."""
        self.tell(do="forget")
        self.expect("forgotten")
        self.events.clear()

    def close(self):
        if self.process.poll() is None:
            try:
                self.tell(do="quit")
                self.process.wait(10)
            except (OSError, subprocess.TimeoutExpired):
                stop(self.process)
        with contextlib.suppress(OSError):
            self.process.stdin.close()


class Phone(Lines):
    """A user agent of the library, driven from JavaScript; it sends a tone and keeps what it hears."""

    def __init__(self, uri, tone, server="", password="", authority="", within=(), **more):
        self.uri, self.tone = uri, tone
        self.folder = make_folder("phone")
        self.rounds = 0
        setting = {"uri": uri, "server": server, "password": password, "authority": authority,
                   "tone": tone, "folder": self.folder, **more}
        super().__init__([*within, "gjs", os.path.join(HERE, "phone.js"), json.dumps(setting)])

    def close(self):
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin(self):
        super().begin()
        self.rounds += 1

    def heard(self):
        """The samples of the last call, complete once the session has ended."""
        files = sorted(glob.glob(os.path.join(self.folder, f"{self.rounds:03}-*.wav")))
        return sound.read(files[-1] if files else "")

    def expect_tone(self, frequency, call=0):
        """Waits until this tone comes out of the speaker."""
        sound.expect_tone(self._file(call), frequency, LIMIT)

    def expect_silence(self, call=0):
        """Waits until nothing comes out of the speaker."""
        sound.expect_silence(self._file(call), LIMIT)

    def _file(self, call):
        return os.path.join(self.folder, f"{self.rounds:03}-{call:03}.wav")


class Shared:
    """What several cases use one after the other; after one that failed it is made anew."""

    def __init__(self, make):
        self.make = make
        self.made = None
        self.stack = contextlib.ExitStack()

    def case(self, function):
        @functools.wraps(function)
        def run_it():
            try:
                if self.made is None:
                    self.made = self.stack.enter_context(self.make())
                self.made.begin()
                function(self.made)
            except BaseException:
                self.close()
                raise
        return run_it

    def close(self):
        self.made = None
        self.stack.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def enter_own_network(address=None):
    """Starts the program again where nothing is but loopback and, with an address, that one; and
    where files can be put over those of the system."""
    if "AHOY_OWN_NETWORK" not in os.environ:
        os.environ["AHOY_OWN_NETWORK"] = "1"
        flags = "-nm" if os.geteuid() == 0 else "-rnm"
        os.execvp("unshare", ["unshare", flags, sys.executable, *sys.argv])
    orders = ["link set lo up"]
    if address is not None:
        orders += ["link add phones type veth peer name nobody", "link set nobody up",
                   f"addr add {address}/24 dev phones", "link set phones up"]
    for order in orders:
        subprocess.run(["ip", *order.split()], check=True)


def hear(*phones):
    """Either of two hears the other one."""
    for one, other in (phones, phones[::-1]):
        one.expect_tone(other.tone)


def call_each_other(*phones):
    """Either of two calls the other one by its address, and each hears the tone of the other.
    Returns what was told of the INVITE of each call."""
    invites = []
    for caller, callee in (phones, phones[::-1]):
        caller.begin()
        callee.begin()
        caller.tell(do="invite", target=callee.uri)
        caller.expect("accepted", code=200)
        invites.append(callee.expect("invite"))
        callee.expect("confirmed")
        hear(caller, callee)
        caller.tell(do="bye")
        callee.expect("terminated", cause="BYE")
        caller.expect("terminated")
    return invites


def run(cases):
    """Runs functions as TAP."""
    signal.signal(signal.SIGTERM, give_up)
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


def run_beside(cases, many):
    """Those that wait most of the time: so many at once, each where it would be alone."""
    if "AHOY_CASE" in os.environ:
        run([cases[int(os.environ["AHOY_CASE"])]])
    environment = dict(os.environ)
    del environment["AHOY_OWN_NETWORK"]

    def run_one(number):
        return subprocess.run([sys.executable, *sys.argv], stdout=subprocess.PIPE, text=True,
                              env={**environment, "AHOY_CASE": str(number)}, check=False)
    failed = 0
    print(f"1..{len(cases)}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(many) as pool:
        for number, done in enumerate(pool.map(run_one, range(len(cases))), 1):
            told = done.stdout.partition("\n")[2].replace("ok 1 ", f"ok {number} ")
            print(told or f"not ok {number}", end="", flush=True)
            failed += done.returncode != 0
    sys.exit(1 if failed else 0)
