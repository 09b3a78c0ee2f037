"""Start, memory, wake-ups and answers of the phone and of its peers, in one run."""

import glob
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import account
import load
import sound

BUILD = os.environ["AHOY_BUILD"]
HERE = os.path.dirname(os.path.abspath(__file__))
EMPTY = None  # time and memory of an empty window, once it is measured
ROUNDS = 5
SETTLED = 15  # seconds after which a text cursor has stopped blinking
IDLE = 10  # seconds that wake-ups are counted
HOST = "10.99.0.1"  # baresip leaves loopback alone, so it gets a network of its own
OFFER = """v=0\r
o=- 1 1 IN IP4 10.99.0.1\r
s=-\r
c=IN IP4 10.99.0.1\r
t=0 0\r
m=audio 40000 RTP/AVP 0 8\r
a=rtpmap:0 PCMU/8000\r
a=rtpmap:8 PCMA/8000\r
"""


def processes(pid):
    """The process and its children."""
    found = [pid]
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8") as stat:
                fields = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.split("/")[2]))
    return found


def memory(pid):
    """PSS in MB."""
    total = 0
    for one in processes(pid):
        with open(f"/proc/{one}/smaps_rollup", encoding="utf-8") as rollup:
            total += int(re.search(r"^Pss:\s+(\d+)", rollup.read(), re.M)[1])
    return total / 1024


def switches(pid):
    """How often each thread went to sleep."""
    counts = {}
    for one in processes(pid):
        for path in glob.glob(f"/proc/{one}/task/*/status"):
            with open(path, encoding="utf-8") as status:
                counts[path] = int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status.read(),
                                             re.M)[1])
    return counts


def wake_ups(pid):
    """Per second, of threads that live all the time."""
    before = switches(pid)
    time.sleep(IDLE)
    after = switches(pid)
    return sum(after[path] - count for path, count in before.items() if path in after) / IDLE


def stop(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Maps:
    """Tells when the next window is mapped on the display."""

    def __init__(self):
        self.xev = subprocess.Popen(["xev", "-root", "-event", "substructure"],
                                    stdout=subprocess.PIPE, text=True)
        self.mapped = threading.Event()
        self.at = 0.0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.xev.stdout:
            if line.startswith("MapNotify"):
                self.at = time.monotonic()
                self.mapped.set()

    def wait(self):
        if not self.mapped.wait(30):
            raise RuntimeError("no window was mapped")
        return self.at

    def clear(self):
        self.mapped.clear()


def with_home(argv, **environment):
    home = tempfile.mkdtemp(prefix="ahoy-bench-")
    runtime = os.path.join(home, "run")
    os.mkdir(runtime, 0o700)
    env = {**os.environ, "HOME": home, "XDG_RUNTIME_DIR": runtime, "XDG_CONFIG_HOME": home,
           "XDG_DATA_HOME": home, "XDG_CACHE_HOME": home, "GSETTINGS_BACKEND": "memory",
           "NO_AT_BRIDGE": "1", "GTK_A11Y": "none", **environment}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(argv, env=env, stdin=quiet, stdout=quiet, stderr=quiet), home


def measure_window(name, argv):
    maps = Maps()
    time.sleep(0.5)  # until xev listens
    times, sizes, rates = [], [], []
    for round_number in range(ROUNDS):
        maps.clear()
        start = time.monotonic()
        process, home = with_home(argv)
        try:
            times.append((maps.wait() - start) * 1000)
            if round_number == ROUNDS - 1:
                time.sleep(SETTLED)
                sizes.append(memory(process.pid))
                rates.append(wake_ups(process.pid))
        finally:
            stop(process)
            shutil.rmtree(home, ignore_errors=True)
    maps.xev.terminate()
    found = statistics.median(times), sizes[0]
    empty = EMPTY or found
    print(f"{name:14} start to window mapped {found[0]:7.0f} ms ({found[0] / empty[0]:.2f})   "
          f"PSS idle {found[1]:6.1f} MB ({found[1] / empty[1]:.2f})   "
          f"wake-ups {rates[0]:6.1f} /s", flush=True)
    return found


def invite(target_port, number, own_port, body):
    return (f"INVITE sip:bob@{HOST}:{target_port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {HOST}:{own_port};branch=z9hG4bKb{number};rport\r\n"
            "Max-Forwards: 70\r\n"
            f"From: <sip:bench@{HOST}:{own_port}>;tag=t{number}\r\n"
            f"To: <sip:bob@{HOST}:{target_port}>\r\nCall-ID: bench{number}\r\n"
            f"CSeq: 1 INVITE\r\nContact: <sip:bench@{HOST}:{own_port}>\r\n"
            f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n\r\n{body}")


def in_dialog(method, answer, number, own_port, cseq):
    to = re.search(r"^To: (.*)\r$", answer, re.M)[1]
    contact = re.search(r"^(?:Contact|m): <([^>]*)>", answer, re.M)
    uri = contact[1] if contact else f"sip:bob@{HOST}"
    return (f"{method} {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {HOST}:{own_port};branch=z9hG4bK{method}{number};rport\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:bench@{HOST}:{own_port}>;tag=t{number}\r\n"
            f"To: {to}\r\nCall-ID: bench{number}\r\nCSeq: {cseq} {method}\r\n"
            "Content-Length: 0\r\n\r\n")


def measure_baresip():
    """INVITE sent to 200 received; it is told to answer by itself."""
    home = tempfile.mkdtemp(prefix="ahoy-bench-")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    modules = (glob.glob("/usr/lib/baresip/modules") + glob.glob("/usr/lib/*/baresip/modules"))[0]
    with open(os.path.join(home, "config"), "w", encoding="utf-8") as config:
        config.write(f"sip_listen {HOST}:{port}\nnet_interface bench0\nmodule_path {modules}\n"
                     "module g711.so\nmodule_app account.so\nmodule_app menu.so\n"
                     "audio_player none,\naudio_source none,\ncall_max_calls 1000\n")
    with open(os.path.join(home, "accounts"), "w", encoding="utf-8") as accounts:
        accounts.write(f"<sip:bob@{HOST}>;regint=0;answermode=auto\n")
    process = subprocess.Popen(["baresip", "-f", home], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    times = []
    try:
        time.sleep(2)  # it says nothing when it is ready
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
            peer.bind((HOST, 0))
            peer.settimeout(3)
            own = peer.getsockname()[1]
            for number in range(20):
                start = time.monotonic()
                peer.sendto(invite(port, number, own, OFFER).encode(), (HOST, port))
                while True:
                    answer = peer.recv(65536).decode()
                    if answer.startswith("SIP/2.0 200") and f"bench{number}\r" in answer \
                            and "INVITE" in answer:
                        break
                times.append((time.monotonic() - start) * 1000)
                peer.sendto(in_dialog("ACK", answer, number, own, 1).encode(), (HOST, port))
                peer.sendto(in_dialog("BYE", answer, number, own, 2).encode(), (HOST, port))
                time.sleep(0.1)
        rate, size = wake_ups(process.pid), memory(process.pid)
        print(f"{'baresip':14} INVITE to 200, plain RTP {statistics.median(times):5.1f} ms   "
              f"PSS {size:6.1f} MB   wake-ups {rate:6.1f} /s", flush=True)
        load.measure("baresip", process.pid, HOST, "bob", port)
    except OSError as error:
        print(f"{'baresip':14} gave no answer: {error}", flush=True)
    finally:
        stop(process)
        shutil.rmtree(home, ignore_errors=True)


def measure_ours(*argv):
    output = subprocess.run(argv, check=False, stdout=subprocess.PIPE, text=True).stdout
    for line in output.splitlines():
        if line.startswith("{"):
            row = json.loads(line)
            print(f"{'ahoy':14} {row['what']:34} {row['median']:6.1f} ms   (median of {row['n']})",
                  flush=True)


def in_own_network(measure):
    """Runs one measurement in a network namespace with one interface beside loopback."""
    flags = "-n" if os.geteuid() == 0 else "-rn"
    setup = ("ip link set lo up; ip link add bench0 type veth peer name bench1; "
             f"ip addr add {HOST}/24 dev bench0; ip link set bench0 up; ip link set bench1 up; ")
    subprocess.run(["unshare", flags, "sh", "-c",
                    setup + f"exec /usr/bin/python3 {__file__} {measure}"], check=False)


if sys.argv[1:] == ["baresip"]:
    measure_baresip()
    sys.exit(0)
if sys.argv[1:] == ["ahoy"]:
    load.measure_ours(HOST)
    sys.exit(0)
if sys.argv[1:] == ["account"]:
    account.main(HOST)
    sys.exit(0)
if sys.argv[1:] == ["sound"]:
    sound.measure_delays()
    sound.measure_devices()
    sound.measure_all()
    sys.exit(0)
print("Medians; the window with the cairo renderer under Xvfb, everything on this machine.")
print("In brackets: how many times what an empty window of libadwaita takes in the same run.")
EMPTY = measure_window("an empty one", [os.path.join(BUILD, "tests", "bench", "bench-empty")])
measure_window("ahoy", [os.path.join(BUILD, "app", "ahoy")])
for argv in (["gnome-calls", "-p", "dummy"], ["twinkle"], ["linphone"]):
    if shutil.which(argv[0]):
        try:
            measure_window(argv[0], argv)
        except RuntimeError as error:
            print(f"{argv[0]:14} {error}", flush=True)
    else:
        print(f"{argv[0]:14} is not installed", flush=True)
if shutil.which("baresip"):
    in_own_network("baresip")
measure_ours(os.path.join(BUILD, "tests", "bench", "bench-call"))
measure_ours("/usr/bin/python3", os.path.join(HERE, "..", "ui", "desktop.py"), BUILD,
             os.path.join(HERE, "window.py"))
in_own_network("ahoy")
in_own_network("account")
in_own_network("sound")
