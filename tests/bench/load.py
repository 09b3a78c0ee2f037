"""What a SIP server of ours does in a second beside baresip, asked by sipp over UDP.

Run in a network of its own, for baresip leaves loopback alone. Each line: what failed, the CPU time
that one took, how many one core could do, and the memory before, at the end and after the half
minute for which answers are kept (RFC 3261 timer J).
"""

import os
import re
import subprocess
import sys
import tempfile
import time

OPTIONS = """<?xml version="1.0" encoding="UTF-8"?>
<scenario name="options">
  <send retrans="500"><![CDATA[
OPTIONS sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
Max-Forwards: 70
From: <sip:bench@[local_ip]>;tag=[call_number]
To: <sip:[service]@[remote_ip]>
Call-ID: [call_id]
CSeq: 1 OPTIONS
Content-Length: 0

]]></send>
  <recv response="200"/>
</scenario>
"""
TICKS = os.sysconf("SC_CLK_TCK")
SECONDS = 10
KEPT = 34


def read_cpu(pid):
    """Seconds of CPU time."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def read_memory(pid):
    """Resident, in MiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return int(re.search(r"^VmRSS:\s+(\d+)", status.read(), re.M)[1]) / 1024


def ask(host, user, port, scenario, rate, count):
    """How many of @count failed."""
    with tempfile.TemporaryDirectory(prefix="ahoy-bench-") as folder:
        subprocess.run(
            ["sipp", *scenario, "-s", user, f"{host}:{port}", "-i", host, "-r", str(rate),
             "-m", str(count), "-l", "20000", "-nostdin", "-timeout", "60", "-trace_stat",
             "-stf", f"{folder}/stat"],
            check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        with open(f"{folder}/stat", encoding="utf-8") as stat:
            rows = [line.split(";") for line in stat]
    return count - int(dict(zip(rows[0], rows[-1]))["SuccessfulCall(C)"])


def measure(name, pid, host, user, port):
    """@pid answers at that address; it takes every call."""
    with tempfile.NamedTemporaryFile("w", suffix=".xml", prefix="ahoy-bench-") as options:
        options.write(OPTIONS)
        options.flush()
        steps = [("call", ["-sn", "uac", "-d", "0"], 160), ("call", ["-sn", "uac", "-d", "0"], 480),
                 ("OPTIONS", ["-sf", options.name], 1000), ("OPTIONS", ["-sf", options.name], 8000)]
        ask(host, user, port, steps[0][1], 50, 100)  # who is measured is warm
        time.sleep(KEPT)
        for what, scenario, rate in steps:
            before, used = read_memory(pid), read_cpu(pid)
            failed = ask(host, user, port, scenario, rate, rate * SECONDS)
            each = (read_cpu(pid) - used) / (rate * SECONDS)
            peak = read_memory(pid)
            time.sleep(KEPT)
            print(f"{name:14} {rate:5} {what}/s for {SECONDS} s: {failed:5} failed   "
                  f"CPU {each * 1000:6.3f} ms each, {1 / max(each, 1e-6):6.0f} /s on one core   "
                  f"RSS {before:6.1f}, {peak:6.1f}, {read_memory(pid):6.1f} MiB", flush=True)


def measure_ours(host):
    server = os.path.join(os.environ["AHOY_BUILD"], "tests", "bench", "bench-server")
    # GLib gives slices back only since 2.76, which has none.
    with subprocess.Popen([server, f"{host}:0"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True, env={**os.environ, "G_SLICE": "always-malloc"}) as process:
        contact = re.match(r"sip:([^@]+)@[^:]+:(\d+)", process.stdout.readline())
        try:
            measure("ahoy", process.pid, host, contact[1], contact[2])
        finally:
            process.stdin.close()


if __name__ == "__main__":
    measure_ours(sys.argv[1])
