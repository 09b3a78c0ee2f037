"""Calls over RTP with baresip and linphone: held, resumed, and sent on, by us and by them."""

import contextlib
import functools

import lab
import peers

HOST, INTERFACE = "10.99.0.1", "phones"  # baresip leaves loopback alone
TONE_OF_PEER, TONE_OF_ALICE, TONE_OF_CAROL = 700, 1000, 400
INACTIVE, SENDONLY, RECVONLY, SENDRECV = range(4)  # Sip.Direction
CONFIRMED = 12  # Sip.SessionStatus


class Ours(lab.Phone):
    def __init__(self, name, tone, port=None, **more):
        address = f"{HOST}:{port or lab.free_port()}"
        self.uri = f"sip:{name}@{address}"
        super().__init__(self.uri, tone, localAddress=address, register=False, rtp=True,
                         answer=True, **more)
        self.expect("connected")


class Three:
    """Alice and carol are ours; all take what comes, and alice is asked before she is sent on."""

    def __init__(self, kind):
        self.kind = kind

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.alice = stack.enter_context(Ours("alice", TONE_OF_ALICE, ask=True))
            self.carol = stack.enter_context(Ours("carol", TONE_OF_CAROL,
                                                  port=self.kind.PORT_OF_TARGETS))
            self.peer = stack.enter_context(self.kind(HOST, INTERFACE, TONE_OF_PEER))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def begin(self):
        for phone in (self.alice, self.carol):
            phone.begin()

    def place(self):
        """Alice calls the peer."""
        self.alice.tell(do="invite", target=self.peer.uri)
        self.alice.expect("accepted")
        return self.peer.take()

    def take(self):
        """The peer calls alice."""
        call = self.peer.call(self.alice.uri)
        self.alice.expect("confirmed")
        return call

    def consult(self):
        """Alice calls carol."""
        self.alice.tell(do="invite", target=self.carol.uri)
        self.alice.expect("accepted")
        self.carol.expect("confirmed")

    def hear(self, call, phone=None, number=0):
        """The peer and one of ours hear each other."""
        self.peer.play(call)
        (phone or self.alice).expect_tone(TONE_OF_PEER, call=number)
        self.peer.expect_sound(call)

    def hang_up(self, call, phone=None, number=0):
        phone = phone or self.alice
        phone.tell(do="bye", call=number)
        phone.expect_that("terminated", call=number)
        self.peer.expect_end(call)


def we_hold(three):
    call = three.place()
    three.hear(call)
    three.alice.tell(do="hold")
    three.alice.expect_that("directionChanged", local=SENDONLY, remote=RECVONLY)
    three.alice.expect("localHold", is_on=True)
    three.alice.expect("reinviteAccepted")
    three.alice.expect_silence()
    three.peer.expect_silence(call)
    three.alice.tell(do="unhold")
    three.alice.expect_that("directionChanged", local=SENDRECV, remote=SENDRECV)
    three.alice.expect("localHold", is_on=False)
    three.alice.expect("reinviteAccepted")
    three.hear(call)
    three.hang_up(call)


def they_hold(three):
    call = three.take()
    three.hear(call)
    three.peer.hold(call)
    three.alice.expect("reinvite", direction="sendonly")
    three.alice.expect("remoteHold", is_on=True)
    three.alice.expect("directionChanged", local=RECVONLY, remote=SENDONLY)
    three.alice.expect("reinviteAccepted")
    three.peer.expect_silence(call)
    three.peer.resume(call)
    three.alice.expect("reinvite", direction="sendrecv")
    three.alice.expect("remoteHold", is_on=False)
    three.alice.expect("directionChanged", local=SENDRECV, remote=SENDRECV)
    three.alice.expect("reinviteAccepted")
    three.hear(call)
    three.hang_up(call)


def we_hold_each_other(three):
    call = three.place()
    three.hear(call)
    three.alice.tell(do="hold")
    three.alice.expect("reinviteAccepted")
    three.peer.hold(call)
    three.alice.expect("remoteHold", is_on=True)
    three.alice.expect("directionChanged", local=INACTIVE, remote=SENDONLY)
    three.alice.expect_silence()
    three.alice.tell(do="unhold")
    three.alice.expect_that("directionChanged", local=SENDRECV, remote=SENDONLY)
    three.alice.expect("localHold", is_on=False)
    three.alice.expect("reinviteAccepted")
    three.peer.expect_silence(call)
    three.peer.resume(call)
    three.alice.expect("remoteHold", is_on=False)
    three.hear(call)
    three.hang_up(call)


def we_transfer(three):
    call = three.place()
    three.hear(call)
    three.alice.tell(do="refer", target=three.carol.uri)
    three.alice.expect("referRequestAccepted", code=202)
    three.carol.expect("invite", referredBy=three.alice.uri if three.peer.TELLS_WHO else None)
    three.alice.expect("referAccepted", code=200, status=CONFIRMED)
    three.alice.expect("bye")
    three.alice.expect("terminated", call=0)
    assert "referProgress" in three.alice.names()
    second = three.peer.expect_call()
    three.peer.expect_end(call)
    three.hear(second, three.carol)
    three.hang_up(second, three.carol)


def they_transfer(three):
    call = three.take()
    three.hear(call)
    three.peer.transfer(call, three.carol.uri)
    asked = three.alice.expect("referRequested", call=0, to=three.carol.uri, replaces=None)
    assert ("sip:linphone@" in (asked["by"] or "")) == three.peer.TELLS_WHO, asked
    three.alice.tell(do="follow")
    three.carol.expect("invite", referredBy=asked["by"])
    three.alice.expect("referAccepted", call=0, code=200)
    three.alice.expect("terminated", call=0, cause="BYE")
    three.peer.expect_end(call)
    three.carol.expect_tone(TONE_OF_ALICE)
    three.alice.expect_tone(TONE_OF_CAROL, call=1)
    three.alice.tell(do="bye", call=1)
    three.carol.expect("terminated", cause="BYE")


def expect_ends(phone):
    """Two calls of one phone end, in any order."""
    ended = {phone.expect("terminated")["call"] for _ in range(2)}
    assert ended == {0, 1}, ended


def ask_carol(three):
    call = three.place()
    three.hear(call)
    three.alice.tell(do="hold", call=0)
    three.alice.expect("reinviteAccepted")
    three.consult()
    three.carol.expect_tone(TONE_OF_ALICE)
    three.alice.tell(do="join", call=0, to=1)
    return call


def we_join(three):
    """Alice asks carol first, and then has the peer take her own place there."""
    call = ask_carol(three)
    three.carol.expect_that("invite", call=1, replacee=0, referredBy=three.alice.uri)
    three.carol.expect("replaced", call=0)
    three.carol.expect("terminated", call=0)
    expect_ends(three.alice)
    second = three.peer.expect_call()
    three.peer.expect_end(call)
    three.hear(second, three.carol, 1)
    three.hang_up(second, three.carol, 1)


def we_join_in_vain(three):
    """Baresip calls the address with the header fields still in it, which is none."""
    call = ask_carol(three)
    three.alice.expect("referRejected", call=0, code=400, status=CONFIRMED)
    go_on(three, call, peers_call=0)


def we_join_with_them(three):
    """The peer is the one whose call is replaced."""
    three.consult()
    call = three.place()
    three.hear(call, number=1)
    three.alice.tell(do="join", call=0, to=1)
    second = three.peer.take()
    three.peer.expect_end(call)
    expect_ends(three.alice)
    three.carol.expect("terminated", call=0, cause="BYE")
    three.hear(second, three.carol, 1)
    three.hang_up(second, three.carol, 1)


def we_join_with_them_in_vain(three):
    """Baresip says that it replaces no call."""
    three.consult()
    call = three.place()
    three.hear(call, number=1)
    three.alice.tell(do="join", call=0, to=1)
    three.alice.expect("referRejected", call=0, code=420, status=CONFIRMED)
    go_on(three, call, peers_call=1)


def go_on(three, call, peers_call):
    """Nobody lost anything."""
    if peers_call == 0:
        three.alice.tell(do="unhold", call=0)
        three.alice.expect_that("reinviteAccepted", call=0)
    three.hear(call, number=peers_call)
    three.alice.expect_tone(TONE_OF_CAROL, call=1 - peers_call)
    three.hang_up(call, number=peers_call)
    three.alice.tell(do="bye", call=1 - peers_call)
    three.carol.expect_that("terminated", call=0, cause="BYE")


def they_join(three):
    """The peer asks carol first, and then has alice take its own place there."""
    first = three.take()
    second = three.peer.call(three.carol.uri)
    three.peer.play(second)
    three.carol.expect_tone(TONE_OF_PEER)
    three.peer.join(first, second)
    asked = three.alice.expect("referRequested", call=0)
    assert "sip:linphone@" in asked["by"], asked
    three.alice.tell(do="follow")
    three.carol.expect_that("invite", call=1, replacee=0, referredBy=asked["by"])
    three.carol.expect("replaced", call=0)
    three.carol.expect("terminated", call=0)
    three.alice.expect("referAccepted", call=0, code=200)
    three.alice.expect("terminated", call=0, cause="BYE")
    three.peer.expect_end(second)
    three.peer.expect_end(first)
    three.carol.expect_tone(TONE_OF_ALICE, call=1)
    three.alice.expect_tone(TONE_OF_CAROL, call=1)
    three.alice.tell(do="bye", call=1)
    three.carol.expect("terminated", call=1, cause="BYE")


# Baresip 1.0 has no word for an attended transfer.
CASES = [(peers.Baresip, [we_hold, they_hold, we_hold_each_other, we_transfer, they_transfer,
                          we_join_in_vain, we_join_with_them_in_vain]),
         (peers.Linphone, [we_hold, they_hold, we_hold_each_other, we_transfer, they_transfer,
                           we_join, we_join_with_them, they_join])]


def make_case(kind, shared, function):
    case = shared.case(function)
    case.__name__ = f"{kind.__name__}_{function.__name__}".lower()
    return case


lab.enter_own_network(HOST)
with contextlib.ExitStack() as everything:
    cases = []
    for one, functions in CASES:
        phones = everything.enter_context(lab.Shared(functools.partial(Three, one)))
        cases += [make_case(one, phones, function) for function in functions]
    lab.run(cases)
