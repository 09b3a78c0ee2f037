"""What nobody may read in what the program says: not as it comes, nor when all of it is asked for."""

import os
import re
import unittest

import desktop
from peer import Registrar

ACCOUNT = """[Account Work]
Address=sip:alice@127.0.0.1
Server={server}
User=alice
Password=correct-horse-battery
Media=web
TurnServer=turn:127.0.0.1:9
TurnUser=relay-user
TurnPassword=relay-horse-battery
"""
CALLED = "+493098765432"
CALLER = "+493012345678"
KEYS = "4711-0815"
WORDS = "meet me at the bridge"
NONCE = "nonce-of-the-registrar"
OFFER = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 40000 RTP/SAVP 0
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw
a=ice-ufrag:peer
a=ice-pwd:passwordOfThePeersIce000
"""


class Secrets(desktop.Case):
    def live(self, **environment):
        """Signs in, is written to and called, calls; returns what all of it was kept secret with,
        those that belong to other people alone, and what the program said."""
        registrar = self.peer(Registrar, "alice", "correct-horse-battery")
        phone = self.phone(**environment)
        phone.wait_for("Dial")
        path = os.path.join(os.environ["HOME"], "accounts")
        with open(path, "w", encoding="utf-8") as file:
            file.write(ACCOUNT.format(server=registrar.server))
        self.assertEqual(phone.run("--provision", path).returncode, 0)
        os.unlink(path)
        registrar.answer(registrar.wait_request("REGISTER"), 401, "Unauthorized",
                         f'WWW-Authenticate: Digest realm="test", nonce="{NONCE}", qop="auth"')
        register = registrar.take_registration()
        proof = dict(re.findall(r'(\w+)="?([^",]+)"?', register.get("Authorization")))
        self.assertEqual(proof["nonce"], NONCE)
        phone.wait_text("Ready")
        for cseq, (method, kind, body) in enumerate((
                ("MESSAGE", "text/plain", WORDS), ("INFO", "application/dtmf", KEYS),
                ("INVITE", "application/sdp", OFFER))):
            registrar.request(method, register.contact_uri,
                              {"from": f"<sip:{CALLER}@127.0.0.1>;tag=a", "call_id": method,
                               "to": "<sip:alice@127.0.0.1>", "cseq": cseq + 1},
                              register.sender, body=body, kind=kind)
            registrar.wait(lambda m: not m.is_request and m.method == method and m.status >= 180)
        phone.dial(CALLED)
        invite = registrar.wait_request("INVITE")
        self.assertIn(CALLED, invite.start)
        registrar.answer(invite, 486, "Busy Here")
        own = re.search(r"a=ice-pwd:(\S+)", invite.body)[1]
        phone.wait_text("is in another call")
        self.seen = b"".join(self.look_at(phone.process.pid))
        keys = ["correct-horse-battery", "relay-horse-battery", proof["response"], proof["cnonce"],
                own, "passwordOfThePeersIce000", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw", KEYS]
        return keys, [WORDS, CALLED, CALLER, NONCE], phone.close()

    def look_at(self, pid):
        """What others may read of the program while it runs, and all that lies where it writes."""
        for name in ("cmdline", "environ"):
            with open(f"/proc/{pid}/{name}", "rb") as file:
                yield file.read()
        for path, _, names in os.walk(os.environ["HOME"]):
            for name in names:
                if os.path.isfile(os.path.join(path, name)):
                    with open(os.path.join(path, name), "rb") as file:
                        yield file.read()

    def test_nowhere_written(self):
        """In no file, of which one knows of the call, nor in what /proc shows."""
        temporary = os.path.join(os.environ["HOME"], "temporary")
        os.makedirs(temporary, exist_ok=True)
        keys, _, _ = self.live(G_MESSAGES_DEBUG="", TMPDIR=temporary)
        self.assertIn(CALLED.encode(), self.seen)
        for canary in keys:
            self.assertNotIn(canary.encode(), self.seen)

    def test_as_it_comes(self):
        keys, others, said = self.live(G_MESSAGES_DEBUG="")
        for canary in keys + others:
            self.assertNotIn(canary, said)

    def test_all_asked_for(self):
        keys, others, said = self.live(G_MESSAGES_DEBUG="all")
        for canary in keys:
            self.assertNotIn(canary, said)
        for canary in others:  # of which it says that it is all
            self.assertIn(canary, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
