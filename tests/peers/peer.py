"""A phone made of text: raw SIP over UDP, not our own classes, one message at a time.

A test says what is sent and waits for what arrives; nothing is answered unless the test says so,
except retransmissions, which get the last answer again, and what comes once it is over.
"""

import re
import socket
import threading
import time
import uuid

TIME_LIMIT = 60

DESCRIPTION = """v=0
o=- 4611731400430051336 {version} IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE {mid}
m=audio 40000 UDP/TLS/RTP/SAVPF {payload}
c=IN IP4 127.0.0.1
a=rtcp-mux
a=ice-ufrag:peer
a=ice-pwd:peerpeerpeerpeerpeerpeer
a=ice-options:trickle
a=fingerprint:sha-256 {fingerprint}
a=setup:{setup}
a=mid:{mid}
a=sendrecv
a=rtpmap:{payload} opus/48000/2
a=fmtp:{payload} useinbandfec=1
a=candidate:1 1 UDP 2130706431 127.0.0.1 40000 typ host
a=end-of-candidates
"""
FINGERPRINT = ":".join(f"{n:02X}" for n in range(32))


class Message:
    def __init__(self, text, sender):
        head, _, self.body = text.partition("\r\n\r\n")
        lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        self.text = text
        self.sender = sender
        self.start = lines[0]
        self.headers = [tuple(part.strip() for part in line.split(":", 1))
                        for line in lines[1:] if ":" in line]
        self.is_request = not self.start.startswith("SIP/2.0")
        self.method = self.start.split(" ")[0] if self.is_request else self.get("CSeq").split()[1]
        self.status = 0 if self.is_request else int(self.start.split(" ")[1])

    def get_all(self, name):
        short = {"via": "v", "from": "f", "to": "t", "call-id": "i", "contact": "m"}
        names = {name.lower(), short.get(name.lower(), name.lower())}
        return [value for key, value in self.headers if key.lower() in names]

    def get(self, name):
        values = self.get_all(name)
        return values[0] if values else ""

    @property
    def branch(self):
        found = re.search(r"branch=([^;,\s]+)", self.get("Via"))
        return found.group(1) if found else ""

    @property
    def contact_uri(self):
        found = re.search(r"<([^>]*)>", self.get("Contact"))
        return found.group(1) if found else self.get("Contact").split(";")[0]


class Peer:
    """One UDP socket, on the loopback or where it is told; the kernel chooses its port."""

    def __init__(self, user="peer", display_name=None, host="127.0.0.1"):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.host = host
        self.port = self.socket.getsockname()[1]
        self.user = user
        self.display_name = display_name
        self.uri = f"sip:{user}@{host}:{self.port}"
        self.tag = uuid.uuid4().hex[:8]
        self.received = []
        self.answers = {}
        self.is_over = False  # who leaves need not wait for an answer
        self.news = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def _read(self):
        while True:
            try:
                data, sender = self.socket.recvfrom(65536)
            except OSError:
                return
            text = data.decode("utf-8", "replace")
            if not text.strip():
                continue
            message = Message(text, sender)
            with self.news:
                again = self.answers.get((message.branch, message.method))
                if message.is_request and again:
                    self.socket.sendto(again, sender)
                    continue
                self.received.append(message)
                if self.is_over and message.is_request and message.method not in ("INVITE", "ACK"):
                    self.answer(message, 200, "OK")
                self.news.notify_all()

    def wait(self, what, time_limit=TIME_LIMIT):
        """The next message for which what(message) is true; those before it are dropped."""
        deadline = time.monotonic() + time_limit
        with self.news:
            while True:
                for index, message in enumerate(self.received):
                    if what(message):
                        del self.received[:index + 1]
                        return message
                left = deadline - time.monotonic()
                if left <= 0:
                    seen = [message.start for message in self.received]
                    raise TimeoutError(f"waited in vain; seen {seen}")
                self.news.wait(left)

    def wait_request(self, method, **options):
        return self.wait(lambda m: m.is_request and m.method == method, **options)

    def wait_response(self, method, status, **options):
        return self.wait(lambda m: not m.is_request and m.method == method and m.status == status,
                         **options)

    def has_received(self, method):
        with self.news:
            return any(m.is_request and m.method == method for m in self.received)

    def send(self, text, body, to):
        data = body.replace("\n", "\r\n").encode()
        head = text.strip().replace("\n", "\r\n") + f"\r\nContent-Length: {len(data)}\r\n\r\n"
        self.socket.sendto(head.encode() + data, to)
        return head.encode() + data

    def answer(self, request, status, phrase, headers="", body=""):
        to = request.get("To")
        if "tag=" not in to and status > 100:
            to += f";tag={self.tag}"
        lines = [f"SIP/2.0 {status} {phrase}"]
        lines += [f"Via: {via}" for via in request.get_all("Via")]
        lines += [f"From: {request.get('From')}", f"To: {to}",
                  f"Call-ID: {request.get('Call-ID')}", f"CSeq: {request.get('CSeq')}",
                  f"Contact: <{self.uri}>"]
        if headers:
            lines.append(headers)
        if body:
            lines.append("Content-Type: application/sdp")
        sent = self.send("\n".join(lines), body, request.sender)
        if status >= 200:
            self.answers[(request.branch, request.method)] = sent

    def answer_offer(self, request, status=200, phrase="OK", headers=""):
        """200 with an answer that a WebRTC offer can live with."""
        payload = re.search(r"a=rtpmap:(\d+) opus/48000", request.body)
        mid = re.search(r"a=mid:(\S+)", request.body)
        self.answer(request, status, phrase, headers, body=DESCRIPTION.format(
            version=1, payload=payload.group(1) if payload else "111",
            mid=mid.group(1) if mid else "0", fingerprint=FINGERPRINT, setup="active"))

    def agree(self, request):
        """200 to a re-INVITE: what the other side only sends is only received."""
        payload = re.search(r"a=rtpmap:(\d+) opus/48000", request.body)[1]
        mid = re.search(r"a=mid:(\S+)", request.body)[1]
        body = DESCRIPTION.format(version=2, payload=payload, mid=mid, fingerprint=FINGERPRINT,
                                  setup="active")
        if "a=sendonly" in request.body:
            body = body.replace("a=sendrecv", "a=recvonly")
        self.answer(request, 200, "OK", body=body)
        self.wait_request("ACK")

    def dialog(self, invite):
        """The dialog that an answered INVITE made, seen from here."""
        return {"from": invite.get("To") + f";tag={self.tag}", "to": invite.get("From"),
                "call_id": invite.get("Call-ID"), "cseq": 1, "uri": invite.contact_uri,
                "peer": invite.sender}

    def request(self, method, uri, dialog, to, headers="", body="", kind="application/sdp"):
        """A request in dialog, a dict of from, to, call_id and cseq; to is (host, port); kind is
        the type of the body."""
        branch = "z9hG4bK" + dialog.get("branch", uuid.uuid4().hex[:12])
        lines = [f"{method} {uri} SIP/2.0",
                 f"Via: SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport",
                 "Max-Forwards: 70", f"From: {dialog['from']}", f"To: {dialog['to']}",
                 f"Call-ID: {dialog['call_id']}", f"CSeq: {dialog['cseq']} {method}",
                 f"Contact: <{self.uri}>"]
        if headers:
            lines.append(headers)
        if body:
            lines.append(f"Content-Type: {kind}")
        self.send("\n".join(lines), body, to)

    def notify(self, dialog, event, body, kind, state="active;expires=60"):
        dialog["cseq"] += 1
        self.request("NOTIFY", dialog["uri"], dialog, dialog["peer"],
                     f"Event: {event}\nSubscription-State: {state}", body, kind)
        self.wait_response("NOTIFY", 200)

    def invite(self, uri, to, target_uri=None, headers=""):
        """Calls uri at the address to; returns the dialog for what follows."""
        name = f'"{self.display_name}" ' if self.display_name else ""
        dialog = {"from": f"{name}<{self.uri}>;tag={self.tag}", "to": f"<{target_uri or uri}>",
                  "call_id": uuid.uuid4().hex, "cseq": 1, "branch": uuid.uuid4().hex[:12],
                  "uri": uri, "peer": to}
        self.request("INVITE", uri, dialog, to, headers, body=DESCRIPTION.format(
            version=1, payload="111", mid="0", fingerprint=FINGERPRINT, setup="actpass"))
        return dialog

    def cancel(self, dialog):
        self.request("CANCEL", dialog["uri"], dialog, dialog["peer"])

    def acknowledge(self, dialog, response):
        """ACK of a 200; the dialog then knows the other side's tag and contact."""
        del dialog["branch"]
        dialog["to"] = response.get("To")
        dialog["uri"] = response.contact_uri
        self.request("ACK", dialog["uri"], dialog, dialog["peer"])

    def bye(self, dialog):
        dialog["cseq"] += 1
        self.request("BYE", dialog["uri"], dialog, dialog["peer"])


CALLS = """<?xml version="1.0"?>
<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="{version}" state="full"
 entity="sip:somebody@127.0.0.1">{dialogs}</dialog-info>
"""


class Registrar(Peer):
    """A peer that takes registrations, with a password if it is given one."""

    def __init__(self, user="alice", password=None, **options):
        super().__init__(user, **options)
        self.password = password
        self.server = f"sip:127.0.0.1:{self.port};transport=udp"

    def take_registration(self):
        """Answers REGISTER until one is good; returns it."""
        while True:
            request = self.wait_request("REGISTER")
            if self.password and not self.is_authorized(request):
                self.answer(request, 401, "Unauthorized",
                            'WWW-Authenticate: Digest realm="test", nonce="n0", algorithm=MD5')
                continue
            contact = request.get("Contact")
            self.answer(request, 200, "OK", f"Expires: 600\nContact: {contact};expires=600")
            return request

    def take_watcher(self):
        """Agrees to tell of somebody's calls; returns the SUBSCRIBE and its dialog."""
        subscribe = self.wait_request("SUBSCRIBE")
        self.answer(subscribe, 200, "OK", "Expires: 600")
        return subscribe, self.dialog(subscribe)

    def tell_calls(self, dialog, version, *states):
        """How the calls of one who is watched stand (RFC 4235)."""
        calls = "".join(f'<dialog id="{state}"><state>{state}</state></dialog>' for state in states)
        self.notify(dialog, "dialog", CALLS.format(version=version, dialogs=calls),
                    "application/dialog-info+xml")

    def is_authorized(self, request):
        import hashlib

        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()

        given = dict(re.findall(r'(\w+)="?([^",]+)"?', request.get("Authorization")))
        if not given:
            return False
        one = md5(f"{given.get('username')}:test:{self.password}")
        two = md5(f"REGISTER:{given.get('uri')}")
        middle = f"{given['nc']}:{given['cnonce']}:{given['qop']}:" if "qop" in given else ""
        return given.get("response") == md5(f"{one}:{given.get('nonce')}:{middle}{two}")
