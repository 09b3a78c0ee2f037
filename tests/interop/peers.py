"""Phones of others: baresip and linphone over RTP and a browser, told what to do and telling what
happens."""

import contextlib
import glob
import json
import os
import re
import shutil
import socket
import subprocess
import threading
import time

import lab
import sound


class Baresip(lab.Teller):
    """Takes every call; plays a tone, and keeps what it hears. Driven over its ctrl_tcp module."""

    CONFIG = """sip_listen {address}
net_interface {interface}
call_max_calls 8
audio_source ausine,{tone}
audio_player aubridge,nobody
ausrc_srate 48000
ausrc_channels 2
ctrl_tcp_listen 127.0.0.1:{control}
module_path {modules}
module g711.so
module ausine.so
module aubridge.so
{more}module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
"""
    MODULES = "/usr/lib/baresip/modules"
    TELLS_WHO = False  # sends no Referred-By
    WRITES_DOWN = True  # what it hears
    PORT_OF_TARGETS = None  # any

    def __init__(self, host, interface, tone, modules=(), account=""):
        super().__init__()
        self.folder = lab.make_folder("baresip")
        more = f"snd_path {self.folder}\n" + "".join(f"module {name}.so\n" for name in modules)
        self.address = f"{lab.in_uri(host)}:{lab.free_port()}"
        self.uri = f"sip:baresip@{self.address}"
        control = lab.free_port()
        self._write("config", self.CONFIG.format(
            address=self.address, interface=interface, tone=tone,
            control=control, modules=self.MODULES, more=more))
        self._write("accounts", f"<{self.uri}>;regint=0;answermode=auto{account}\n")
        self._write("contacts", "")
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = lab.start(["baresip", "-f", self.folder], stdin=subprocess.DEVNULL,
                                 stdout=self.log, stderr=self.log)
        self.control = self._connect(control)
        threading.Thread(target=self._read, daemon=True).start()

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def _connect(self, port):
        end = time.monotonic() + lab.LIMIT
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", port))
            except OSError:
                time.sleep(0.05)
        with open(self.log.name, encoding="utf-8", errors="replace") as log:
            raise AssertionError(f"baresip ended with {self.process.poll()}:\n{log.read()[-3000:]}")

    def _read(self):
        """Netstrings of JSON."""
        stream = self.control.makefile("rb")
        size = b""
        while (byte := stream.read(1)):
            if byte != b":":
                size += byte
                continue
            told = json.loads(stream.read(int(size)))
            stream.read(1)
            size = b""
            name = told["type"] if "type" in told else "done"
            self.unread.put({**told, "event": name})
        self.unread.put({"event": "exit"})

    def tell(self, command, params="", call=None):
        """What a command means is the current call; @call is made that."""
        if call is not None:
            self.tell("callfind", call)
        text = json.dumps({"command": command, "params": params}).encode()
        self.control.sendall(b"%d:%s," % (len(text), text))
        return self.expect("done", ok=True)["data"]

    def call(self, target):
        self.tell("dial", target)
        return self.expect_call()

    def expect_call(self):
        return self.expect("CALL_ESTABLISHED", direction="outgoing")["id"]

    def take(self):
        return self.expect("CALL_ESTABLISHED", direction="incoming")["id"]

    def hold(self, call):
        self.tell("hold", call=call)

    def resume(self, call):
        self.tell("resume", call=call)

    def transfer(self, call, target):
        self.tell("transfer", target, call=call)

    def expect_end(self, call):
        self.expect_that("CALL_CLOSED", id=call)

    def play(self, call):
        """It plays all the time."""

    def press(self, call, key):
        self.tell("sndcode", key, call=call)

    def expect_key(self, key):
        assert self.expect("CALL_DTMF_START")["param"] == key

    def _received(self, call):
        """How many packets of sound, from all that sent some so far; who moves is another one."""
        return sum(map(int, re.findall(r"rcvd=(\d+)", self.tell("audio_debug", call=call))))

    def expect_sound(self, call, packets=20):
        before, end = self._received(call), time.monotonic() + lab.LIMIT
        while time.monotonic() < end:
            if self._received(call) > before + packets:
                return
            time.sleep(0.05)
        raise AssertionError("nothing reaches baresip")

    def heard(self):
        """The samples of a call that ended, where its module sndfile wrote them down."""
        end = time.monotonic() + lab.LIMIT
        while time.monotonic() < end:
            for path in glob.glob(os.path.join(self.folder, "dump-*-dec.wav")):
                samples, rate = sound.read(path)
                if len(samples) > 0:
                    os.unlink(path)
                    return samples, rate
            time.sleep(0.05)
        raise AssertionError("baresip wrote nothing down")

    def expect_silence(self, call):
        end = time.monotonic() + lab.LIMIT
        while time.monotonic() < end:
            before = self._received(call)
            time.sleep(1)
            if self._received(call) == before:
                return
        raise AssertionError("baresip goes on hearing")

    def close(self):
        lab.stop(self.process)
        self.control.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Linphone(lab.Teller):
    """Takes every call and plays a file. Driven over the standard input of its daemon."""

    TELLS_WHO = True
    WRITES_DOWN = False
    PORT_OF_TARGETS = 5060  # it joins two calls without the port of the second
    CONFIG = """[sip]
guess_hostname=0
contact={uri}
default_proxy=-1
[rtp]
audio_rtp_port=-1
[sound]
use_files=1
"""

    def __init__(self, host, interface, tone, orders=()):
        super().__init__()
        self.folder = lab.make_folder("linphone")
        os.makedirs(os.path.join(self.folder, ".local", "share", "linphone"))
        port = lab.free_port()
        self.uri = f"sip:linphone@{host}:{port}"
        self.tone = os.path.join(self.folder, "tone.wav")
        sound.write_tone(self.tone, tone, 8000, 60)
        self.log = os.path.join(self.folder, "log")
        config = os.path.join(self.folder, "linphonerc")
        with open(config, "w", encoding="utf-8") as file:
            file.write(self.CONFIG.format(uri=self.uri))
        self.process = lab.start(
            ["linphone-daemon", "--config", config, "--auto-answer", "--disable-stats-events",
             "--log", self.log],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={"HOME": self.folder})
        threading.Thread(target=self._read, daemon=True).start()
        self.tell(f"port sip {port} udp")
        self.tell(f"contact {self.uri}")
        for line in orders:
            self.tell(line)

    def _read(self):
        """Answers are “Status: Ok” and more; news are “Event: name” and more, with a number."""
        event = None
        for line in self.process.stdout:
            name, _, value = line.strip().rpartition("daemon-linphone>")[2].partition(": ")
            if name == "Event":
                event = value
            elif name == "Id" and event is not None:
                self.unread.put({"event": event.removeprefix("LinphoneCall"), "call": int(value)})
                event = None
            elif name == "Id":
                self.unread.put({"event": "number", "call": int(value)})
            elif name == "Status":
                self.unread.put({"event": "done", "ok": value == "Ok"})
        self.unread.put({"event": "exit"})

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.expect("done", ok=True)

    def call(self, target):
        self.tell(f"call {target}")
        return self.expect_call()

    def expect_call(self):
        call = self.expect("OutgoingInit")["call"]
        self.expect_that("StreamsRunning", call=call)
        return call

    def take(self):
        call = self.expect("IncomingReceived")["call"]
        self.expect_that("StreamsRunning", call=call)
        return call

    def hold(self, call):
        self.tell("call-pause")
        self.expect_that("Paused", call=call)

    def resume(self, call):
        self.tell(f"call-resume {call}")
        self.expect_that("StreamsRunning", call=call)

    def transfer(self, call, target):
        self.tell(f"call-transfer {call} {target}")

    join = transfer

    def expect_end(self, call):
        self.expect_that("Released", call=call)

    def play(self, call):
        """The player is gone with every change of the call."""
        self.tell(f"incall-player-start {self.tone} {call}")

    def _follow_bandwidth(self):
        """What comes in, in kbit/s, as it stands in the log once a second; None meanwhile."""
        end = time.monotonic() + lab.LIMIT
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(0, os.SEEK_END)
            while time.monotonic() < end:
                found = re.search(r"\(audio\).*RTP : \[d=([0-9.]+),", log.readline())
                yield float(found[1]) if found else None
                if found is None:
                    time.sleep(0.01)

    def expect_sound(self, call):
        assert any(rate is not None and rate > 20 for rate in self._follow_bandwidth()), \
            "nothing reaches linphone"

    def expect_silence(self, call):
        assert any(rate is not None and rate < 5 for rate in self._follow_bandwidth()), \
            "linphone goes on hearing"

    def close(self):
        lab.stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


class Turn:
    """A coturn that takes whatever is allowed by its one user."""

    USER, PASSWORD = "alice", "relay:secret/?@"

    def __init__(self, host):
        self.host = host
        self.port = lab.free_port()

    def __enter__(self):
        self.start()
        return self

    def start(self):
        folder = lab.make_folder("turn")
        self.log = open(f"{folder}/log", "w+b")
        self.process = lab.start(
            ["turnserver", "-n", "--verbose", "--no-cli", "--no-tls", "--no-dtls", "--lt-cred-mech",
             f"--user={self.USER}:{self.PASSWORD}", "--realm=lab.test", f"--listening-ip={self.host}",
             f"--relay-ip={self.host}", f"--listening-port={self.port}", f"--userdb={folder}/db",
             f"--pidfile={folder}/pid", "--log-file=stdout"], stdout=self.log, stderr=self.log)
        end = time.monotonic() + lab.LIMIT
        while not self._is_up():
            assert time.monotonic() < end and self.process.poll() is None, "coturn did not start"
            time.sleep(0.05)

    def stop(self):
        lab.stop(self.process)
        self.log.close()

    def _is_up(self):
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 1):
            return True
        return False

    def __exit__(self, *_):
        self.stop()

    def expect_given_back(self):
        """What was asked of it is not needed any more, and it is told so (RFC 8656 8)."""
        end = time.monotonic() + lab.LIMIT
        while b"lifetime=0" not in os.pread(self.log.fileno(), 1 << 20, 0):
            assert time.monotonic() < end, "nobody told the relay"
            time.sleep(0.05)

    @property
    def place(self):
        return (self.host, self.port)

    def servers(self, transport="udp", password=PASSWORD, relay_only=True):
        return {"turn": f"turn:{self.host}:{self.port}?transport={transport}", "user": self.USER,
                "password": password, "relayOnly": relay_only}
