"""What calls with sound cost: one, ten and fifty at once, of ours and of baresip.

The other side of every call is in here: it sends back what it gets, so both decode what they made.
"""

import glob
import os
import re
import select
import shutil
import socket
import statistics
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


class Caller:
    """Makes calls one after the other, and lets all of them speak."""

    def __init__(self, port, user, codec):
        self.port, self.user, self.codec = port, user, codec
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
        call = Call(number, self.codec)
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
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_memory(pid):
    """PSS in MB."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as rollup:
        return int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M)[1]) / 1024


def start_ours(port):
    process = subprocess.Popen([os.path.join(BUILD, "tests", "bench", "bench-phone"), HOST,
                                str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    return process, None


def start_baresip(port):
    home = tempfile.mkdtemp(prefix="ahoy-bench-")
    modules = (glob.glob("/usr/lib/baresip/modules") + glob.glob("/usr/lib/*/baresip/modules"))[0]
    with open(os.path.join(home, "config"), "w", encoding="utf-8") as config:
        config.write(f"sip_listen {HOST}:{port}\nnet_interface {INTERFACE}\nmodule_path {modules}\n"
                     "module g711.so\nmodule opus.so\nmodule ausine.so\nmodule aubridge.so\n"
                     "module_app account.so\nmodule_app menu.so\n"
                     "audio_player aubridge,nobody\naudio_source ausine,440\nausrc_srate 48000\nausrc_channels 2\n"
                     "call_max_calls 1000\ncall_hold_other_calls no\n")
    with open(os.path.join(home, "accounts"), "w", encoding="utf-8") as accounts:
        accounts.write(f"<sip:bob@{HOST}>;regint=0;answermode=auto;"
                       "audio_codecs=opus/48000/2,PCMU/8000/1\n")
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(["baresip", "-f", home], stdin=subprocess.PIPE, stdout=quiet,
                               stderr=quiet)
    time.sleep(2)  # it says nothing when it is ready
    return process, home


def measure(start, codec, count):
    """CPU seconds per minute of all calls, MB per call, packets per second, ms to first RTP."""
    port = find_port()
    process, home = start(port)
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


def measure_all(codecs=tuple(CODECS), counts=COUNTS):
    """A line for each, ours first, and how many times baresip's it is."""
    for codec in codecs:
        for count in counts:
            rows = {"ahoy": measure(start_ours, codec, count)}
            if shutil.which("baresip"):
                rows["baresip"] = measure(start_baresip, codec, count)
            for name, (cpu, memory, slowest, fastest, delay) in rows.items():
                print(f"{name:14} {codec:5} {count:3} calls   CPU {cpu / count:5.2f} s/min each   "
                      f"PSS {memory:5.2f} MB each   {slowest:4.1f} to {fastest:4.1f} packets/s   "
                      f"INVITE to first RTP {delay:5.1f} ms", flush=True)
            if len(rows) == 2:
                ratio = [a / b if b else float("nan") for a, b in zip(*rows.values())]
                print(f"{'ratio':14} {codec:5} {count:3} calls   CPU {ratio[0]:5.2f}   "
                      f"PSS {ratio[1]:5.2f}   INVITE to first RTP {ratio[4]:5.2f}", flush=True)


if __name__ == "__main__":
    measure_all(*[tuple(word.split(",")) if i == 0 else tuple(int(n) for n in word.split(","))
                  for i, word in enumerate(sys.argv[1:])])
