"""What an account costs beside baresip: from the start to its REGISTER, and while nothing happens.

Run in a network of its own, for baresip leaves loopback alone. The registrar is here, and takes
every phone for ten minutes.
"""

import glob
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")
STARTS = 10
IDLE = 60


class Registrar:
    def __init__(self, host):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.settimeout(10)
        self.port = self.socket.getsockname()[1]

    def take(self):
        """When the next REGISTER came; it is answered."""
        while True:
            data, source = self.socket.recvfrom(65536)
            now = time.monotonic()
            text = data.decode()
            if not text.startswith("REGISTER "):
                continue
            kept = [line for line in text.split("\r\n")
                    if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq", "Contact")]
            self.socket.sendto("\r\n".join(["SIP/2.0 200 OK", *kept, "Expires: 600",
                                            "Content-Length: 0", "", ""]).encode(), source)
            return now

    def forget(self):
        """What those who left still wanted."""
        self.socket.settimeout(0.2)
        try:
            while True:
                self.socket.recvfrom(65536)
        except OSError:
            self.socket.settimeout(10)


def count(pid, what):
    """Over all of its threads: seconds of CPU time, or how often it went to sleep."""
    total = 0.0
    for path in glob.glob(f"/proc/{pid}/task/*/{what}"):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if what == "stat":
            fields = text.rsplit(")", 1)[1].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        else:
            total += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M)[1])
    return total


def measure(name, start, registrar):
    """start() makes the process."""
    times = []
    for _ in range(STARTS):
        begin = time.monotonic()
        process = start()
        try:
            times.append((registrar.take() - begin) * 1000)
        finally:
            process.kill()
            process.wait()
        registrar.forget()
    process = start()
    try:
        registrar.take()
        time.sleep(5)
        sleeps, used = count(process.pid, "status"), count(process.pid, "stat")
        time.sleep(IDLE)
        sleeps = (count(process.pid, "status") - sleeps) / IDLE
        used = (count(process.pid, "stat") - used) / IDLE
    finally:
        process.kill()
        process.wait()
    registrar.forget()
    print(f"{name:14} start to REGISTER {statistics.median(times):6.1f} ms   registered: "
          f"wake-ups {sleeps:5.2f} /s, CPU {used * 1000:6.3f} ms/s", flush=True)


def main(host):
    registrar = Registrar(host)
    server = os.path.join(os.environ["AHOY_BUILD"], "tests", "bench", "bench-server")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def ours():
        return subprocess.Popen([server, f"{host}:0", f"sip:{host}:{registrar.port}"],
                                stdin=subprocess.PIPE, **quiet)
    measure("ahoy", ours, registrar)
    if not shutil.which("baresip"):
        return
    home = tempfile.mkdtemp(prefix="ahoy-bench-")
    modules = (glob.glob("/usr/lib/baresip/modules") + glob.glob("/usr/lib/*/baresip/modules"))[0]
    with open(os.path.join(home, "config"), "w", encoding="utf-8") as config:
        config.write(f"sip_listen {host}:0\nnet_interface bench0\nmodule_path {modules}\n"
                     "module g711.so\nmodule_app account.so\nmodule_app menu.so\n"
                     "audio_player none,\naudio_source none,\n")
    with open(os.path.join(home, "accounts"), "w", encoding="utf-8") as accounts:
        accounts.write(f"<sip:bob@{host}:{registrar.port}>;regint=600\n")

    def baresip():
        return subprocess.Popen(["baresip", "-f", home], stdin=subprocess.PIPE, **quiet)
    try:
        measure("baresip", baresip, registrar)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
