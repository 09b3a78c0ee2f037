"""A phone behind a router that lends it an address: what keeps the way to it open, and what happens
when the router forgets."""

import contextlib
import re
import time

import lab
import wire
from place import SERVER, Behind, enter_or_skip

TONE_OF_ALICE, TONE_OF_BOB = 1000, 400
MEMORY = 26  # seconds that the router remembers; RFC 4787 4.3 wants 120, many have 30
NOTICED = 70  # seconds until it is noticed that the router forgot
KEYS = {"security": 2, "privateSignaling": True}  # Sip.Security.REQUIRE


class Stage:
    """Alice behind the router, bob beside the server."""

    def __init__(self, protocol="UDP", **more):
        self.protocol = protocol
        self.more = more

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.place = stack.enter_context(Behind())
            self.wire = wire.Wire("lo")
            self.server = stack.enter_context(lab.Kamailio(host=SERVER))
            self.bob = stack.enter_context(self._phone("bob", TONE_OF_BOB))
            self.alice = stack.enter_context(
                self._phone("alice", TONE_OF_ALICE, within=self.place.within))
            self.alice.expect("registered")
            self.bob.expect("registered")
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def _phone(self, user, tone, **more):
        return lab.Phone(f"sip:{user}@{self.server.domain}", tone, answer=True, **self.more, **more,
                         server=self.server.server(self.protocol), password=self.server.PASSWORDS[user])

    def call(self, caller, callee, user):
        caller.tell(do="invite", target=f"sip:{user}@{self.server.domain}")
        callee.expect("confirmed")
        caller.expect("accepted", code=200)
        self.hear()

    def hear(self):
        try:
            self.alice.expect_tone(TONE_OF_BOB)
            self.bob.expect_tone(TONE_OF_ALICE)
        except AssertionError as error:
            raise AssertionError(f"{error}; alice saw {self.alice.names()}, bob saw "
                                 f"{self.bob.names()}") from None

    def expect_told(self, begin):
        """Bob has learnt where her messages come from now: what he says to the proxy is seen."""
        end = begin + NOTICED
        while not any(re.search(r"^CSeq: \d+ (INVITE|UPDATE)", text, re.M)
                      for text in self.wire.texts(b"SIP/2.0 200")):
            assert time.monotonic() < end, "bob is not told"
            time.sleep(0.05)
        print(f"# told after {time.monotonic() - begin:.1f} s", flush=True)

    def end(self, by, other):
        by.tell(do="bye")
        other.expect("terminated", cause="BYE")
        by.expect("terminated")


def test_kept_open():
    """She is called long after she said anything, by the way that she registered by."""
    with Stage(rtp=True) as stage:
        stage.place.forget_after(MEMORY)
        time.sleep(1.5 * MEMORY)
        assert stage.alice.names().count("registered") == 1
        stage.call(stage.bob, stage.alice, "alice")
        stage.end(stage.bob, stage.alice)


def test_forgotten():
    """It is noticed that the way is another one."""
    with Stage(rtp=True) as stage:
        stage.place.forget()
        begin = time.monotonic()
        stage.alice.expect("registered", limit=NOTICED)
        print(f"# registered after {time.monotonic() - begin:.1f} s", flush=True)
        stage.call(stage.bob, stage.alice, "alice")
        stage.end(stage.bob, stage.alice)


def test_stream():
    """What is said in a call finds her, too, where the router has another port for her stream."""
    with Stage("TCP", rtp=True) as stage:
        for caller, callee, user in ((stage.bob, stage.alice, "alice"),
                                     (stage.alice, stage.bob, "bob")):
            caller.begin()
            callee.begin()
            stage.call(caller, callee, user)
            stage.end(stage.bob, stage.alice)


def make_call_case(name, is_caller, **more):
    """The call goes on by another way."""
    def case():
        with Stage(**more) as stage:
            if is_caller:
                stage.call(stage.alice, stage.bob, "bob")
            else:
                stage.call(stage.bob, stage.alice, "alice")
            stage.place.forget()
            stage.wire.begin()
            begin = time.monotonic()
            time.sleep(2)  # until what was heard before is long ago
            stage.hear()
            print(f"# heard after {time.monotonic() - begin:.1f} s", flush=True)
            assert "terminated" not in stage.alice.names() + stage.bob.names()
            stage.expect_told(begin)
            stage.end(stage.bob, stage.alice)
    case.__name__ = (f"test_forgotten_in_a_call_{'calls' if is_caller else 'called'}"
                     f"_{name}")
    return case


enter_or_skip()
lab.run_beside([test_forgotten, test_kept_open, test_stream]
               + [make_call_case(name, is_caller, **more) for is_caller in (True, False)
                  for name, more in (("clear", {"rtp": True}), ("web", {}),
                                     ("keys", {"rtp": True, "handler": KEYS}))], many=5)
