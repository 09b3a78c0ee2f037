"""Sipp, told by the scenarios of the folder sipp, which are also the verdict."""

import os
import re
import subprocess

import lab

SDP = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 1 1 IN IP4 127.0.0.1
s=-
t=0 0
m=audio 9 UDP/TLS/RTP/SAVPF 0
c=IN IP4 127.0.0.1
a=rtpmap:0 PCMU/8000
a=mid:audio0
a=@direction@
a=rtcp-mux
a=setup:@setup@
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 """ + ":".join(["AB"] * 32)
PLAIN = """Content-Type: application/sdp
Content-Length: [len]

v=0
o=sipp 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [media_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=@direction@"""
VIA = "Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]"
MINE = "Call-ID: [call_id]\nContact: <sip:sipp@[local_ip]:[local_port]>\nMax-Forwards: 70"
CALLER = f"{VIA}\nFrom: <sip:sipp@[local_ip]:[local_port]>;tag=sipp[call_number]\n{MINE}"
CALLED = "<sip:alice@[remote_ip]:[remote_port]>"
REPLY = ("[last_Via:]\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n[last_CSeq:]\n"
         "Contact: <sip:sipp@[local_ip]:[local_port]>")
INVITE_REPLY = REPLY.replace("[last_CSeq:]", "CSeq: 1 INVITE")
MARKS = {
    "EMPTY": "Content-Length: 0\n",
    "REPLY": REPLY.format(tag="") + "\n",
    "CALL": f"{CALLER}\nTo: {CALLED}",
    "IN_CALL": f"{CALLER}\n[last_To:]",
}


def fill_in(text):
    """Puts the header fields and descriptions in where a scenario has a mark."""
    def mark(match):
        name, _, argument = match[1].partition(" ")
        if name in ("OFFER", "ANSWER"):
            setup = "actpass" if name == "OFFER" else "active"
            return SDP.replace("@setup@", setup).replace("@direction@", argument or "sendrecv")
        if name == "PLAIN_ANSWER":
            return PLAIN.replace("@direction@", argument or "sendrecv")
        tag = f";tag={argument or 'sipp'}"
        first = "Via:[$via]\nFrom:[$from]\nTo:[$to]" + tag
        rest = f"\nCSeq: {2 if name == 'NEXT_REPLY' else 1} INVITE\n{MINE}"
        if name in ("INVITE_REPLY", "NEXT_REPLY"):
            return first + rest
        if name == "REPLY_AS":
            return REPLY.format(tag=tag)
        if name == "INVITE_REPLY_AS":
            return first + rest
        if name == "REQUEST":
            return f"{VIA}\nFrom:[$to];tag=sipp\nTo:[$from]\n{MINE}"
        return MARKS[name].rstrip("\n")
    text = re.sub(r"^ *@([A-Z_]+(?: \w+)?)@$", mark, text, flags=re.M)
    return re.sub(r"^    (?=\S)(?!<)", "", text, flags=re.M)


class Sipp:
    def __init__(self, folder, scenario, *options, remote=None, host="127.0.0.1", limit=lab.LIMIT):
        with open(os.path.join(lab.HERE, "sipp", scenario + ".xml"), encoding="utf-8") as source:
            text = fill_in(source.read())
        self.limit = limit
        self.port = lab.free_port()
        self.target = f"sip:sipp@{host}:{self.port}"
        path = os.path.join(folder, scenario + ".xml")
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        self.trace = os.path.join(folder, "sipp.trace")
        self.process = lab.start(
            ["sipp", "-sf", path, "-i", host, "-p", str(self.port), "-m", "1", "-nostdin",
             "-timeout", str(int(limit)), "-timeout_error", "-trace_msg", "-message_file",
             self.trace, "-trace_err", "-error_file", self.trace + ".errors", *options,
             *([remote] if remote else [])],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)

    def expect_success(self):
        code = self.process.wait(self.limit + 10)
        if code != 0:
            told = ""
            for path in (self.trace, self.trace + ".errors"):
                if os.path.exists(path):
                    with open(path, encoding="utf-8", errors="replace") as source:
                        told += source.read()
            raise AssertionError(f"sipp ended with {code}\n{told[-12000:]}")

    def close(self):
        lab.stop(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
