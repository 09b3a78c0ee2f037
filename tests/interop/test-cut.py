"""A stream to the server that breaks in a call: it is made again, and the call goes on and ends as
if nothing had been."""

import contextlib
import re
import subprocess
import time

import lab
from place import FIRST, SERVER, Place, enter_or_skip

TONE_OF_ALICE, TONE_OF_BOB = 1000, 400
STREAMS = ("TCP", "TLS", "WSS")


class Stage:
    """Alice in her place, by a stream; bob beside the server, in datagrams."""

    def __init__(self, protocol):
        self.protocol = protocol

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Place())
            self.server = stack.enter_context(lab.Kamailio(host=SERVER))
            self.bob = stack.enter_context(self._phone("bob", TONE_OF_BOB, "UDP"))
            self.alice = stack.enter_context(self._phone(
                "alice", TONE_OF_ALICE, self.protocol, within=self.place.within))
            self.alice.expect("registered")
            self.bob.expect("registered")
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _phone(self, user, tone, protocol, **more):
        return lab.Phone(f"sip:{user}@{self.server.domain}", tone, answer=True, rtp=True,
                         server=self.server.server(protocol), authority=self.server.authority,
                         password=self.server.PASSWORDS[user], **more)

    def hear(self):
        self.alice.expect_tone(TONE_OF_BOB)
        self.bob.expect_tone(TONE_OF_ALICE)

    def reset(self):
        self.place.cut()

    def end(self):
        """The server ends all that it has, and is there again."""
        self.server.restart()

    def silence(self):
        """Nothing of that stream comes through any more; of another one it does."""
        streams = subprocess.run(["ss", "-Htn", "dst", FIRST], stdout=subprocess.PIPE, text=True,
                                 check=True).stdout
        for port in re.findall(re.escape(FIRST) + r":(\d+)", streams):
            for way in (f"INPUT -s {FIRST} --sport", f"OUTPUT -d {FIRST} --dport"):
                chain, *match = way.split()
                subprocess.run(["iptables", "-A", chain, *match[:2], "-p", "tcp", match[2], port,
                                "-j", "DROP"], check=True)


def make_case(kind, protocol, seconds):
    """@seconds: until it is registered again, at the longest"""
    def case():
        with Stage(protocol) as stage:
            alice, bob = stage.alice, stage.bob
            alice.tell(do="invite", target=f"sip:bob@{stage.server.domain}")
            bob.expect("confirmed")
            alice.expect("accepted", code=200)
            stage.hear()
            begin = time.monotonic()
            kind(stage)
            stage.hear()
            alice.expect("disconnected", limit=seconds)
            seen = time.monotonic()
            alice.expect("registered", limit=seconds - (seen - begin))
            print(f"# {kind.__name__}, {protocol}: seen after {seen - begin:.1f} s, registered "
                  f"{time.monotonic() - seen:.1f} s later", flush=True)
            stage.hear()
            assert not {"terminated", "mediaFailed"} & set(alice.names() + bob.names())
            by, other = (alice, bob) if kind is Stage.end else (bob, alice)
            by.tell(do="bye")
            other.expect("terminated", cause="BYE")
            by.expect("terminated")
    case.__name__ = f"test_{kind.__name__}_{protocol}".lower()
    return case


# Three times what is wanted, for machines are slow: two seconds to be there again, and of silence a
# minute until it is seen.
enter_or_skip()
lab.run_beside([make_case(Stage.silence, protocol, 60 + 6) for protocol in STREAMS]
               + [make_case(Stage.reset, protocol, 6) for protocol in STREAMS]
               + [make_case(Stage.end, protocol, 15) for protocol in STREAMS], many=6)
