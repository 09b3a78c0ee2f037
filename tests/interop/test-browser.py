"""SIP.js 0.15.11 in Chromium and a phone of ours, through kamailio, over WebSocket."""

import contextlib

import lab
import sound
from browser import TONE_OF_BROWSER, Browser

TONE_OF_OURS = 1000
TONE_OF_CAROL = 400

SENDONLY, RECVONLY, SENDRECV = 1, 2, 3  # Sip.Direction
CONFIRMED = 12  # Sip.SessionStatus


class Pair:
    """The browser is bob, we are alice; both registered."""

    def __init__(self, ours=None, **browser):
        self.ours = ours or {}
        self.options = browser

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.server = stack.enter_context(lab.Kamailio())
            self.start(stack)
            self.stack = stack.pop_all()
        return self

    def start(self, stack):
        self.alice = stack.enter_context(self.phone("alice", TONE_OF_OURS, **self.ours))
        self.bob = stack.enter_context(Browser(self.server, "bob", **self.options))
        self.alice.expect("registered")
        self.bob.expect("registered")

    def __exit__(self, *_):
        self.stack.close()

    def begin(self):
        self.alice.begin()
        self.bob.begin()

    def phone(self, user, tone, **more):
        return lab.Phone(self.target(user), tone, server=self.server.server("WS"),
                         password=self.server.PASSWORDS[user], **more)

    def target(self, user):
        return f"sip:{user}@{self.server.domain}"

    def place(self):
        """We call the browser, which answers by itself."""
        self.alice.tell(do="invite", target=self.target("bob"))
        self.alice.expect("accepted", code=200)
        self.bob.expect("accepted")

    def take(self):
        """The browser calls us, who answer by ourselves."""
        self.bob.tell(do="invite", target=self.target("alice"))
        self.bob.expect("accepted")
        self.alice.expect("confirmed")

    def prove_sound(self):
        self.alice.expect("heard")
        self.bob.expect_sound()

    def end(self, by, other):
        by.tell(do="bye")
        by.expect("terminated")
        other.expect("terminated", cause="BYE")
        sound.assert_tone(self.alice.heard(), TONE_OF_BROWSER, absent=TONE_OF_OURS)


class Three(Pair):
    """Two of ours, alice and carol, with the browser; who is called answers by himself."""

    def __init__(self):
        super().__init__(ours={"answer": True, "ask": True}, answer=True)

    def start(self, stack):
        self.carol = stack.enter_context(self.phone("carol", TONE_OF_CAROL, answer=True))
        super().start(stack)
        self.carol.expect("registered")

    def begin(self):
        super().begin()
        self.carol.begin()

    def call(self, by, name):
        """One more call; the one who is called has to wait for `confirmed` himself."""
        by.tell(do="invite", target=self.target(name))
        by.expect("accepted")

    def hear(self):
        """Alice and the browser hear each other."""
        self.alice.expect_tone(TONE_OF_BROWSER, call=0)
        self.bob.expect_sound(call=0)

    def hang_up(self, by, other, call=0, theirs=0):
        by.tell(do="bye", call=call)
        by.expect_that("terminated", call=call)
        other.expect_that("terminated", call=theirs, cause="BYE")


three = lab.Shared(Three)
nobody_answers = lab.Shared(Pair)


@three.case
def test_we_call_and_hang_up(three):
    three.place()
    three.prove_sound()
    three.end(three.alice, three.bob)


@three.case
def test_we_call_and_they_hang_up(three):
    three.place()
    three.prove_sound()
    three.end(three.bob, three.alice)


@three.case
def test_they_call_and_hang_up(three):
    three.take()
    three.prove_sound()
    three.end(three.bob, three.alice)


@three.case
def test_they_call_and_we_hang_up(three):
    three.take()
    three.prove_sound()
    three.end(three.alice, three.bob)


def test_they_offer_a_picture_too():
    with Pair(ours={"answer": True}, video=True) as pair:
        pair.take()
        pair.prove_sound()
        pair.end(pair.bob, pair.alice)


def test_tones_by_info():
    with Pair(ours={"info": True}, answer=True) as pair:
        pair.place()
        pair.alice.tell(do="dtmf", tones="5#")
        pair.bob.expect("dtmf", tone="5")
        pair.bob.expect("dtmf", tone="#")
        pair.bob.tell(do="dtmf", tones="7")
        while pair.alice.expect("dtmf")["tone"] != "7":
            continue
        pair.alice.tell(do="bye")
        pair.bob.expect("terminated")


@nobody_answers.case
def test_we_cancel(pair):
    pair.alice.tell(do="invite", target=pair.target("bob"))
    pair.bob.expect("invite")
    while pair.alice.expect("progress")["code"] != 180:
        continue
    pair.alice.tell(do="cancel")
    pair.alice.expect("rejected", code=487)
    pair.alice.expect("terminated")
    pair.bob.expect("terminated", cause="Canceled")


@nobody_answers.case
def test_they_cancel(pair):
    pair.bob.tell(do="invite", target=pair.target("alice"))
    pair.alice.expect("invite")
    while pair.bob.expect("progress").get("code") != 180:
        continue
    pair.bob.tell(do="cancel")
    pair.alice.expect("rejected", cause="Canceled")
    pair.alice.expect("terminated", cause="Canceled")
    pair.bob.expect("terminated")


@nobody_answers.case
def test_they_refuse(pair):
    pair.alice.tell(do="invite", target=pair.target("bob"))
    pair.bob.expect("invite")
    pair.bob.tell(do="reject", code=486)
    pair.alice.expect("rejected", code=486, cause="Busy")
    pair.alice.expect("terminated", code=486, cause="Busy")


@nobody_answers.case
def test_we_refuse(pair):
    pair.bob.tell(do="invite", target=pair.target("alice"))
    pair.alice.expect("invite")
    pair.alice.tell(do="reject", code=486)
    pair.bob.expect("rejected", code=486)
    pair.bob.expect("terminated")
    pair.alice.expect("terminated")


TAMPER = ["(a=fingerprint:sha-256 )..:..", "$100:00"]
NOT_SECURE = 21  # Sip.Cause.NOT_SECURE


@nobody_answers.case
def test_tampered_offer(pair):
    """Whoever answers to our eyes with another certificate hears and says nothing."""
    pair.bob.tell(do="invite", target=pair.target("alice"))
    pair.alice.expect("invite")
    pair.alice.tell(do="accept", replace=["offer", *TAMPER])
    failed = pair.alice.expect("mediaFailed")
    pair.alice.expect("terminated", reason=NOT_SECURE)
    pair.bob.expect("terminated")
    assert failed["status"] in (7, 12)
    assert "heard" not in pair.alice.names()
    assert len(pair.alice.heard()[0]) == 0


@three.case
def test_tampered_answer(three):
    three.alice.tell(do="invite", target=three.target("bob"), replace=["answer", *TAMPER])
    three.alice.expect("mediaFailed")
    three.alice.expect("terminated", reason=NOT_SECURE)
    three.bob.expect("terminated")
    assert "heard" not in three.alice.names()
    assert len(three.alice.heard()[0]) == 0


@three.case
def test_we_hold(three):
    three.call(three.alice, "bob")
    three.hear()
    three.alice.tell(do="hold")
    three.bob.expect("reinvite", direction="sendonly")
    three.alice.expect_that("directionChanged", local=SENDONLY, remote=RECVONLY)
    three.alice.expect("localHold", is_on=True)
    three.alice.expect("reinviteAccepted")
    three.alice.expect_silence()
    three.bob.expect_silence()
    three.alice.tell(do="unhold")
    three.bob.expect("reinvite", direction="sendrecv")
    three.alice.expect_that("directionChanged", local=SENDRECV, remote=SENDRECV)
    three.alice.expect("localHold", is_on=False)
    three.alice.expect("reinviteAccepted")
    three.hear()
    three.hang_up(three.alice, three.bob)


@three.case
def test_they_hold(three):
    """The browser goes on speaking meanwhile, and we let it."""
    three.call(three.alice, "bob")
    three.hear()
    three.bob.tell(do="hold")
    three.alice.expect("reinvite", direction="sendonly")
    three.alice.expect("remoteHold", is_on=True)
    three.alice.expect("directionChanged", local=RECVONLY, remote=SENDONLY)
    three.bob.expect("reinviteAccepted")
    three.bob.expect_silence()
    three.alice.expect_tone(TONE_OF_BROWSER)
    three.bob.tell(do="unhold")
    three.alice.expect("reinvite", direction="sendrecv")
    three.alice.expect("remoteHold", is_on=False)
    three.alice.expect("directionChanged", local=SENDRECV, remote=SENDRECV)
    three.bob.expect("reinviteAccepted")
    three.hear()
    three.hang_up(three.bob, three.alice)


@three.case
def test_either_offers_anew(three):
    three.call(three.bob, "alice")
    three.alice.expect("confirmed")
    three.hear()
    three.alice.tell(do="reinvite")
    three.bob.expect("reinvite", direction="sendrecv")
    three.alice.expect("reinviteAccepted")
    three.hear()
    three.bob.tell(do="reinvite")
    three.alice.expect("reinvite", direction="sendrecv")
    three.bob.expect("reinviteAccepted")
    three.alice.expect("confirmed")
    three.hear()
    assert not {"localHold", "remoteHold", "reinviteFailed"} & set(three.alice.names())
    three.hang_up(three.bob, three.alice)


@three.case
def test_we_move(three):
    """Our machine has another address: the browser takes another connection of ours."""
    for caller, callee in (("alice", "bob"), ("bob", "alice")):
        three.call(getattr(three, caller), callee)
        if caller == "bob":
            three.alice.expect("confirmed")
        three.hear()
        three.alice.tell(do="reinvite")
        before = three.bob.expect("reinvite")
        three.alice.expect("reinviteAccepted")
        three.alice.tell(do="move", address="127.0.0.1")
        three.alice.expect("moved", **{"is": True})
        after = three.bob.expect("reinvite", direction="sendrecv")
        assert after["connection"] != before["connection"], after
        assert set(after["addresses"]) == {"127.0.0.1"} != set(before["addresses"]), after
        three.alice.expect("reinviteAccepted")
        three.hear()
        three.hang_up(three.alice, three.bob)
        three.begin()


@three.case
def test_we_transfer(three):
    three.call(three.alice, "bob")
    three.hear()
    three.alice.tell(do="refer", target=three.target("carol"))
    three.bob.expect("referRequested", to=three.target("carol"),
                     by=f"<{three.target('alice')}>")
    three.carol.expect("invite", **{"from": three.target("bob"),
                                    "referredBy": f"<{three.target('alice')}>"})
    three.alice.expect("referRequestAccepted", code=202, status=CONFIRMED)
    three.alice.expect("referAccepted", code=200, status=CONFIRMED)
    three.alice.expect("bye")
    three.alice.expect("terminated")
    three.bob.expect_that("terminated", call=0, cause="BYE")
    assert "referProgress" in three.alice.names()
    three.carol.expect_tone(TONE_OF_BROWSER)
    three.bob.expect_sound(call=1)
    three.hang_up(three.bob, three.carol, call=1)


@three.case
def test_they_transfer(three):
    three.call(three.alice, "bob")
    three.hear()
    three.bob.tell(do="refer", target=three.target("carol"))
    three.alice.expect("referRequested", to=three.target("carol"), by=f"<{three.target('bob')}>")
    three.alice.tell(do="follow")
    three.carol.expect("invite", **{"from": three.target("alice"),
                                    "referredBy": f"<{three.target('bob')}>"})
    three.bob.expect("referRequestAccepted")
    three.bob.expect("referProgress")
    three.bob.expect("referAccepted")
    three.bob.expect_that("terminated", call=0)
    three.alice.expect_that("terminated", call=0, cause="BYE")
    three.carol.expect_tone(TONE_OF_OURS)
    three.alice.expect_tone(TONE_OF_CAROL, call=1)
    three.hang_up(three.alice, three.carol, call=1)


@three.case
def test_they_transfer_and_we_decline(three):
    three.call(three.bob, "alice")
    three.alice.expect("confirmed")
    three.bob.tell(do="refer", target=three.target("carol"))
    three.alice.expect("referRequested")
    three.alice.tell(do="decline", code=603)
    three.bob.expect("referRequestRejected")
    three.hear()
    three.hang_up(three.alice, three.bob)


@three.case
def test_we_transfer_to_nobody(three):
    """SIP.js says 603 whatever became of its call."""
    three.call(three.alice, "bob")
    three.alice.tell(do="refer", target=three.target("code486"))
    three.alice.expect("referRejected", code=603, status=CONFIRMED)
    three.hear()
    three.hang_up(three.alice, three.bob)


@three.case
def test_they_transfer_to_nobody(three):
    three.call(three.alice, "bob")
    three.bob.expect("confirmed")
    three.bob.tell(do="refer", target=three.target("code486"))
    three.alice.expect("referRequested")
    three.alice.tell(do="follow")
    three.alice.expect("referRejected", code=486, status=CONFIRMED)
    three.bob.expect("referRejected")
    three.hear()
    three.hang_up(three.alice, three.bob)


@three.case
def test_we_join(three):
    """Alice asks carol first, and then has the browser take her own place there."""
    three.call(three.alice, "bob")
    three.hear()
    three.alice.tell(do="hold")
    three.alice.expect("reinviteAccepted")
    three.call(three.alice, "carol")
    three.carol.expect_tone(TONE_OF_OURS)
    three.alice.tell(do="join", call=0, to=1)
    three.bob.expect("referRequested", by=f"<{three.target('alice')}>")
    three.carol.expect_that("invite", call=1, replacee=0,
                            referredBy=f"<{three.target('alice')}>")
    three.carol.expect("replaced", call=0)
    three.carol.expect("terminated", call=0)
    three.alice.expect_that("referRequestAccepted", call=0, code=202)
    ended = {three.alice.expect("terminated")["call"] for _ in range(2)}
    assert ended == {0, 1}, ended
    three.bob.expect_that("terminated", call=0, cause="BYE")
    three.carol.expect_tone(TONE_OF_BROWSER, call=1)
    three.bob.expect_sound(call=1)
    three.hang_up(three.carol, three.bob, call=1, theirs=1)


@three.case
def test_we_join_with_them(three):
    """The browser is the one whose call is replaced."""
    three.call(three.alice, "carol")
    three.call(three.alice, "bob")
    three.bob.expect_sound(call=0)
    three.alice.tell(do="join", call=0, to=1)
    three.bob.expect_that("invite", call=1, referredBy=f"<{three.target('alice')}>",
                          **{"from": three.target("carol")})
    three.bob.expect("replaced", call=0)
    three.bob.expect("terminated", call=0)
    ended = {three.alice.expect("terminated")["call"] for _ in range(2)}
    assert ended == {0, 1}, ended
    three.carol.expect_that("terminated", call=0, cause="BYE")
    three.carol.expect_tone(TONE_OF_BROWSER, call=1)
    three.bob.expect_sound(call=1)
    three.hang_up(three.carol, three.bob, call=1, theirs=1)


@three.case
def test_they_join(three):
    """The browser asks carol first, and then has alice take its own place there."""
    three.call(three.bob, "alice")
    three.alice.expect("confirmed")
    three.hear()
    three.bob.tell(do="hold", call=0)
    three.bob.expect("reinviteAccepted")
    three.call(three.bob, "carol")
    three.carol.expect_tone(TONE_OF_BROWSER)
    three.bob.tell(do="join", call=0, to=1)
    three.alice.expect("referRequested", call=0, by=f"<{three.target('bob')}>")
    three.alice.tell(do="follow")
    three.carol.expect_that("invite", call=1, replacee=0,
                            referredBy=f"<{three.target('bob')}>")
    three.carol.expect("replaced", call=0)
    three.carol.expect("terminated", call=0)
    ended = {three.bob.expect("terminated")["call"] for _ in range(2)}
    assert ended == {0, 1}, ended
    three.alice.expect_that("terminated", call=0, cause="BYE")
    three.carol.expect_tone(TONE_OF_OURS, call=1)
    three.alice.expect_tone(TONE_OF_CAROL, call=1)
    three.hang_up(three.carol, three.alice, call=1, theirs=1)


with three, nobody_answers:
    lab.run([
        test_we_call_and_hang_up, test_we_call_and_they_hang_up, test_they_call_and_hang_up,
        test_they_call_and_we_hang_up, test_they_offer_a_picture_too, test_tones_by_info,
        test_we_cancel, test_they_cancel, test_they_refuse, test_we_refuse, test_tampered_offer,
        test_tampered_answer, test_we_hold, test_they_hold, test_either_offers_anew, test_we_move,
        test_we_transfer, test_they_transfer, test_they_transfer_and_we_decline,
        test_we_transfer_to_nobody, test_they_transfer_to_nobody, test_we_join,
        test_we_join_with_them, test_they_join,
    ])
