"""A phone of ours and sipp, over UDP, with nobody between them; sipp's scenarios are the verdict."""

import contextlib
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
    def __init__(self, phone, scenario, *options, remote=None):
        with open(os.path.join(lab.HERE, "sipp", scenario + ".xml"), encoding="utf-8") as source:
            text = fill_in(source.read())
        self.port = lab.free_port()
        path = os.path.join(phone.folder, scenario + ".xml")
        with open(path, "w", encoding="utf-8") as target:
            target.write(text)
        self.trace = os.path.join(phone.folder, "sipp.trace")
        self.process = lab.start(
            ["sipp", "-sf", path, "-i", "127.0.0.1", "-p", str(self.port), "-m", "1", "-nostdin",
             "-timeout", str(int(lab.LIMIT)), "-timeout_error", "-trace_msg", "-message_file",
             self.trace, "-trace_err", "-error_file", self.trace + ".errors", *options,
             *([remote] if remote else [])],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=phone.folder)

    @property
    def target(self):
        return f"sip:sipp@127.0.0.1:{self.port}"

    def expect_success(self):
        code = self.process.wait(lab.LIMIT + 10)
        if code != 0:
            told = ""
            for path in (self.trace, self.trace + ".errors"):
                if os.path.exists(path):
                    with open(path, encoding="utf-8", errors="replace") as source:
                        told += source.read()
            raise AssertionError(f"sipp ended with {code}\n{told[-12000:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        lab.stop(self.process)


class Call:
    """A phone and a sipp that it calls, or that calls it."""

    def __init__(self, scenario, *options, incoming=False):
        self.scenario, self.options, self.incoming = scenario, options, incoming

    def __enter__(self):
        address = f"127.0.0.1:{lab.free_port()}"
        with contextlib.ExitStack() as stack:
            phone = stack.enter_context(lab.Phone(f"sip:alice@{address}", 1000, register=False,
                                                  answer=self.incoming, localAddress=address))
            phone.expect("connected")
            remote = address if self.incoming else None
            sipp = stack.enter_context(Sipp(phone, self.scenario, *self.options, remote=remote))
            if not self.incoming:
                phone.tell(do="invite", target=sipp.target)
            self.stack = stack.pop_all()
        return phone, sipp

    def __exit__(self, *_):
        self.stack.close()


def test_fork():
    with Call("fork") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.expect("bye")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def call_and_hang_up(scenario, *options):
    with Call(scenario, *options) as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def test_lost_ack():
    with Call("lost-ack", "-nr") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def test_late_200():
    with Call("late-200") as (phone, sipp):
        while phone.expect("progress")["code"] != 180:
            continue
        phone.tell(do="cancel")
        phone.expect("terminated")
        sipp.expect_success()
        phone.drain()
        assert "bye" in phone.names()


def test_prack():
    call_and_hang_up("prack")


def test_timer():
    call_and_hang_up("timer")


def test_glare():
    with Call("glare") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="reinvite")
        phone.expect("reinviteAccepted")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()
        assert "reinviteFailed" not in phone.names()


def test_hold():
    with Call("hold") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="hold")
        phone.expect("reinviteAccepted")
        phone.tell(do="unhold")
        phone.expect("reinviteAccepted")
        phone.tell(do="dtmf", tones="1")  # for sipp to go on, once the phone has the answer
        phone.expect("remoteHold", is_on=True)
        phone.expect("remoteHold", is_on=False)
        phone.expect("confirmed")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def take_and_be_hung_up(scenario, *options):
    with Call(scenario, *options, incoming=True) as (phone, sipp):
        phone.expect("confirmed")
        phone.expect("terminated", cause="BYE")
        sipp.expect_success()


def test_short_timer():
    take_and_be_hung_up("short-timer")


def test_lost_200():
    take_and_be_hung_up("lost-200", "-nr")


lab.run([test_fork, test_lost_ack, test_late_200, test_prack, test_timer, test_glare, test_hold,
         test_short_timer, test_lost_200])
