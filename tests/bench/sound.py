"""What calls with sound cost: one, ten and fifty at once, of ours and of baresip; and how long sound
takes from an ear of them to a mouth.

The other side of every call is in here: it sends back what it gets, so both decode what they made.
Each makes a tone as it is spoken to: ours at the rate of the codec, baresip at 48 kHz and in stereo,
for it knows no other, which is a tenth of what it costs.
With Opus, whose cost is the codec's, baresip is measured a second time with the settings of ours,
but in stereo: it has no Opus of one channel.
A call with devices has those of a sound server of the bench's own, which baresip reaches by ALSA.
For the delay both have a device that says every 20 ms what it hears, and no other: it is the time
from a packet with a click to the one that brings it back.
"""

import contextlib
import glob
import os
import re
import select
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

HOST, INTERFACE = "10.99.0.1", "bench0"  # baresip leaves loopback alone
BUILD = os.environ["AHOY_BUILD"]
CODECS = {"PCMU": ("0", "PCMU/8000"), "opus": ("96", "opus/48000/2")}
COUNTS = (1, 10, 50)
WARM, WINDOW = 3, 8  # seconds
N_CLICKS = 12
PACKET, SAMPLES = 0.02, 160  # seconds, and how many of PCMU those are
PIECES = {"PCMU": SAMPLES, "opus": 960}
SILENT, LOUD = b"\xff", b"\x00\x80" * 10  # as PCMU: nothing, and 4 kHz
TONE = ("audio_player aubridge,nobody\naudio_source ausine,440\n"
        "ausrc_srate 48000\nausrc_channels 2\n")
DEVICES = "module alsa.so\naudio_player alsa,pulse\naudio_source alsa,pulse\n"
OUR_OPUS = ("opus_bitrate 40000\nopus_application voip\n"
            "opus_inbandfec yes\nopus_packet_loss 3\n")


def find_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Call:
    """One that calls, and sends back what it hears under a number of its own."""

    def __init__(self, number, codec):
        self.number = number
        self.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rtp.bind((HOST, 0))
        self.rtp.setblocking(False)
        payload, name = CODECS[codec]
        self.offer = (f"v=0\r\no=- {number} 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
                      f"m=audio {self.rtp.getsockname()[1]} RTP/AVP {payload}\r\n"
                      f"a=rtpmap:{payload} {name}\r\na=rtcp-mux\r\n")
        self.source = number.to_bytes(4, "big")
        self.count, self.first = 0, None

    def echo(self):
        while True:
            try:
                packet, sender = self.rtp.recvfrom(2048)
            except BlockingIOError:
                return
            if not 192 <= packet[1] <= 223:
                self.first = self.first or time.monotonic()
                self.count += 1
                self.rtp.sendto(packet[:8] + self.source + packet[12:], sender)


class Clicks(Call):
    """One that says clicks in place of that, and notes when they come back."""

    def __init__(self, number, codec):
        super().__init__(number, codec)
        self.delays, self.said, self.heard = [], None, 0

    def echo(self):
        while True:
            try:
                packet = self.rtp.recv(2048)
            except BlockingIOError:
                return
            now = time.monotonic()
            self.first = self.first or now
            loud = [i for i, byte in enumerate(packet[12:]) if byte & 0x7f < 0x40]
            if 192 <= packet[1] <= 223 or not loud:
                continue
            at = now + loud[0] * PACKET / SAMPLES
            if at > self.heard + 0.2 and self.said is not None:
                self.delays.append((at - self.said) * 1000)
                self.said = None
            self.heard = at

    def speak(self, place):
        """A click every half of a second."""
        start, number = time.monotonic(), 0
        while len(self.delays) < N_CLICKS and number < 3 * N_CLICKS * 25:
            head = struct.pack(">BBHII", 0x80, 0, number & 0xffff, number * SAMPLES, self.number)
            sound = SILENT * SAMPLES
            if number % 25 == 24:
                sound, self.said = LOUD + sound[len(LOUD):], time.monotonic()
            self.rtp.sendto(head + sound, place)
            number += 1
            time.sleep(max(0, start + number * PACKET - time.monotonic()))


class Caller:
    """Makes calls one after the other, and lets all of them speak."""

    def __init__(self, port, user, codec, kind=Call):
        self.port, self.user, self.codec, self.kind = port, user, codec, kind
        self.sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sip.bind((HOST, 0))
        self.sip.settimeout(5)
        self.own = self.sip.getsockname()[1]
        self.calls, self.delays, self.ends = [], [], []
        self.poll = select.epoll()
        self.by_file = {}
        self.is_open = True
        self.thread = threading.Thread(target=self._echo)
        self.thread.start()

    def _echo(self):
        while self.is_open:
            for file, _ in self.poll.poll(0.1):
                self.by_file[file].echo()

    def _send(self, method, uri, to, number, cseq, body=""):
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self.sip.sendto(
            (f"{method} {uri} SIP/2.0\r\n"
             f"Via: SIP/2.0/UDP {HOST}:{self.own};branch=z9hG4bK{method}{self.own}x{number};rport\r\n"
             f"Max-Forwards: 70\r\nFrom: <sip:bench@{HOST}:{self.own}>;tag=t{number}\r\n"
             f"To: {to}\r\nCall-ID: sound{self.own}x{number}\r\nCSeq: {cseq} {method}\r\n"
             f"Contact: <sip:bench@{HOST}:{self.own}>\r\n{kind}"
             f"Content-Length: {len(body)}\r\n\r\n{body}").encode(), (HOST, self.port))

    def call(self):
        number = len(self.calls) + 1
        call = self.kind(number, self.codec)
        self.calls.append(call)
        self.by_file[call.rtp.fileno()] = call
        self.poll.register(call.rtp, select.EPOLLIN)
        uri = f"sip:{self.user}@{HOST}:{self.port}"
        start = time.monotonic()
        self._send("INVITE", uri, f"<{uri}>", number, 1, call.offer)
        while True:
            answer = self.sip.recv(65536).decode()
            if answer.startswith("SIP/2.0 4"):
                raise OSError(answer)
            if answer.startswith("SIP/2.0 200") and f"x{number}\r\nCSeq: 1 INVITE" in answer \
                    or answer.startswith("SIP/2.0 200") and f"sound{self.own}x{number}\r" in answer:
                break
        to = re.search(r"^To: (.*)\r$", answer, re.M)[1]
        found = re.search(r"^(?:Contact|m): <([^>]*)>", answer, re.M)
        self._send("ACK", found[1], to, number, 1)
        self.ends.append((found[1], to, number))
        end = time.monotonic() + 5
        while call.first is None and time.monotonic() < end:
            time.sleep(0.001)
        if call.first is not None:
            self.delays.append((call.first - start) * 1000)
        return int(re.search(r"^m=audio (\d+)", answer, re.M)[1])

    def close(self):
        for uri, to, number in self.ends:
            self._send("BYE", uri, to, number, 2)
        time.sleep(0.5)
        self.is_open = False
        self.thread.join()
        self.sip.close()
        for call in self.calls:
            call.rtp.close()


def read_cpu(pid):
    """Seconds."""
    ran = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(path, encoding="utf-8") as stat:
            ran += int(stat.read().split()[0])
    return ran / 1e9


def read_memory(pid):
    """PSS in MB."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as rollup:
        return int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M)[1]) / 1024


def start_phone(port, source, sink):
    process = subprocess.Popen([os.path.join(BUILD, "tests", "bench", "bench-phone"), HOST,
                                str(port), source, sink], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    process.stdout.readline()
    return process, None


def start_ours(port, codec):
    return start_phone(port, f"audiotestsrc is-live=true samplesperbuffer={PIECES[codec]}",
                       "fakesink sync=true")


def start_our_mirror(port, codec):
    return start_phone(port, "interaudiosrc channel=mirror period-time=20000000 "
                       "latency-time=20000000 buffer-time=20000000",
                       "interaudiosink channel=mirror")


def start_baresip(port, codec, audio=TONE):
    home = tempfile.mkdtemp(prefix="ahoy-bench-")
    modules = (glob.glob("/usr/lib/baresip/modules") + glob.glob("/usr/lib/*/baresip/modules"))[0]
    with open(os.path.join(home, "config"), "w", encoding="utf-8") as config:
        config.write(f"sip_listen {HOST}:{port}\nnet_interface {INTERFACE}\nmodule_path {modules}\n"
                     "module g711.so\nmodule opus.so\nmodule ausine.so\nmodule aubridge.so\n"
                     "module_app account.so\nmodule_app menu.so\n"
                     f"{audio}call_max_calls 1000\ncall_hold_other_calls no\n")
    with open(os.path.join(home, "accounts"), "w", encoding="utf-8") as accounts:
        accounts.write(f"<sip:bob@{HOST}>;regint=0;answermode=auto;"
                       "audio_codecs=opus/48000/2,PCMU/8000/1\n")
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(["baresip", "-f", home], stdin=subprocess.PIPE, stdout=quiet,
                               stderr=quiet)
    time.sleep(2)  # it says nothing when it is ready
    return process, home


def start_ours_with_devices(port, codec):
    return start_phone(port, "desktop", "desktop")


def start_baresip_with_devices(port, codec):
    return start_baresip(port, codec, DEVICES)


def start_baresip_as_ours_with_devices(port, codec):
    return start_baresip(port, codec, DEVICES + OUR_OPUS)


@contextlib.contextmanager
def sound_server():
    """A speaker that nobody hears, and a microphone in a silent room."""
    home = tempfile.mkdtemp(prefix="ahoy-bench-")
    path = os.path.join(home, "sound")
    modules = (f"module-native-protocol-unix auth-anonymous=1 socket={path}",
               "module-null-sink sink_name=speaker", "module-null-sink sink_name=room")
    loads = [word for module in modules for word in ("-L", module)]
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
         "--log-level=error", *loads], env=dict(os.environ, HOME=home, XDG_RUNTIME_DIR=home))
    os.environ["PULSE_SERVER"] = "unix:" + path
    try:
        while not os.path.exists(path) and server.poll() is None:
            time.sleep(0.05)
        yield
    finally:
        del os.environ["PULSE_SERVER"]
        server.terminate()
        server.wait()
        shutil.rmtree(home, ignore_errors=True)


def start_baresip_as_ours(port, codec):
    return start_baresip(port, codec, TONE + OUR_OPUS)


def start_baresip_mirror(port, codec):
    return start_baresip(port, codec, "audio_player aubridge,mirror\naudio_source aubridge,mirror\n")


def measure(start, codec, count):
    """CPU seconds per minute of all calls, MB per call, packets per second, ms to first RTP."""
    port = find_port()
    process, home = start(port, codec)
    caller = Caller(port, "bob", codec)
    try:
        time.sleep(2)
        idle = read_memory(process.pid)
        for _ in range(count):
            caller.call()
        time.sleep(WARM)
        before = [call.count for call in caller.calls]
        cpu, at = read_cpu(process.pid), time.monotonic()
        time.sleep(WINDOW)
        took = time.monotonic() - at
        cpu = (read_cpu(process.pid) - cpu) * 60 / took
        rates = [(call.count - n) / took for call, n in zip(caller.calls, before)]
        memory = (read_memory(process.pid) - idle) / count
    finally:
        caller.close()
        process.kill()
        process.wait()
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)
    delay = statistics.median(caller.delays) if caller.delays else float("nan")
    return cpu, memory, min(rates), max(rates), delay


def measure_delay(start):
    """Of three calls: the devices of none begin at the same time as packets do."""
    delays = []
    for _ in range(3):
        port = find_port()
        process, home = start(port, "PCMU")
        caller = Caller(port, "bob", "PCMU", Clicks)
        try:
            time.sleep(1)
            place = (HOST, caller.call())
            caller.calls[0].speak(place)
            delays.append(statistics.median(caller.calls[0].delays or [float("nan")]))
        finally:
            caller.close()
            process.kill()
            process.wait()
            if home is not None:
                shutil.rmtree(home, ignore_errors=True)
    return delays


def measure_delays():
    starts = {"ahoy": start_our_mirror}
    if shutil.which("baresip"):
        starts["baresip"] = start_baresip_mirror
    for name, start in starts.items():
        delays = measure_delay(start)
        print(f"{name:16} PCMU    from an ear to a mouth {statistics.median(delays):6.1f} ms   "
              f"({min(delays):.1f} to {max(delays):.1f} in {len(delays)} calls)", flush=True)


def print_rows(codec, count, what, rows):
    """Those of measure() by their names, ours first and that to compare with last."""
    for name, (cpu, memory, slowest, fastest, delay) in rows.items():
        print(f"{name:16} {codec:5} {count:3} {what}   CPU {cpu / count:5.2f} s/min each   "
              f"PSS {memory:5.2f} MB each   {slowest:4.1f} to {fastest:4.1f} packets/s   "
              f"INVITE to first RTP {delay:5.1f} ms", flush=True)
    if len(rows) > 1:
        ours, *_, theirs = rows.values()
        ratio = [a / b if b else float("nan") for a, b in zip(ours, theirs)]
        print(f"{'ratio':16} {codec:5} {count:3} {what}   CPU {ratio[0]:5.2f}   "
              f"PSS {ratio[1]:5.2f}   INVITE to first RTP {ratio[4]:5.2f}", flush=True)


def measure_devices(codecs=tuple(CODECS)):
    if not shutil.which("pulseaudio"):
        print("no call with devices: there is no pulseaudio")
        return
    with sound_server():
        for codec in codecs:
            rows = {"ahoy": measure(start_ours_with_devices, codec, 1)}
            if shutil.which("baresip"):
                rows["baresip"] = measure(start_baresip_with_devices, codec, 1)
                if codec == "opus":
                    rows["baresip, as ours"] = measure(start_baresip_as_ours_with_devices, codec, 1)
            print_rows(codec, 1, "call with devices", rows)


def measure_all(codecs=tuple(CODECS), counts=COUNTS):
    """A line for each, ours first, and how many times baresip's it is."""
    for codec in codecs:
        for count in counts:
            rows = {"ahoy": measure(start_ours, codec, count)}
            if shutil.which("baresip"):
                rows["baresip"] = measure(start_baresip, codec, count)
                if codec == "opus":
                    rows["baresip, as ours"] = measure(start_baresip_as_ours, codec, count)
            print_rows(codec, count, "calls", rows)


if __name__ == "__main__":
    measure_delays()
    measure_devices()
    measure_all(*[tuple(word.split(",")) if i == 0 else tuple(int(n) for n in word.split(","))
                  for i, word in enumerate(sys.argv[1:])])
