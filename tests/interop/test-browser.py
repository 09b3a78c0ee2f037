"""SIP.js 0.15.11 in Chromium and a phone of ours, through kamailio, over WebSocket."""

import array
import json
import math
import os
import shutil
import tempfile
import wave

import lab

TONE_OF_BROWSER = 700
TONE_OF_OURS = 1000


class Browser(lab.Lines):
    def __init__(self, server, user, **more):
        self.folder = tempfile.mkdtemp(prefix="ahoy-browser-")
        sound = os.path.join(self.folder, "tone.wav")
        with wave.open(sound, "wb") as target:
            target.setnchannels(1)
            target.setsampwidth(2)
            target.setframerate(48000)
            target.writeframes(array.array("h", (
                int(12000 * math.sin(2 * math.pi * TONE_OF_BROWSER * n / 48000))
                for n in range(48000))).tobytes())
        setting = {"uri": f"sip:{user}@{server.domain}", "password": server.PASSWORDS[user],
                   "server": server.server("WS"), "sound": sound, "video": False, **more}
        super().__init__(["node", os.path.join(lab.HERE, "browser.js"), json.dumps(setting)])

    def close(self):
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def expect_sound(self):
        """Waits until packets come in that are no silence."""
        for _ in range(200):
            self.tell(do="stats")
            stats = self.expect("stats")
            if stats["bytes"] > 2000 and stats["energy"] > 0.001:
                return
        raise AssertionError(f"no sound in the browser: {stats}")


class Pair:
    """The browser is bob, we are alice; both registered."""

    def __init__(self, ours=None, **browser):
        self.ours = ours or {}
        self.options = browser

    def __enter__(self):
        self.server = lab.Kamailio().__enter__()
        self.alice = lab.Phone(f"sip:alice@{self.server.domain}", TONE_OF_OURS,
                               server=self.server.server("WS"), password="secret", **self.ours)
        self.bob = Browser(self.server, "bob", **self.options)
        self.alice.expect("registered")
        self.bob.expect("registered")
        return self

    def __exit__(self, *_):
        self.bob.close()
        self.alice.close()
        self.server.__exit__()

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
        lab.assert_tone(self.alice.heard(), TONE_OF_BROWSER, absent=TONE_OF_OURS)


def test_we_call_and_hang_up():
    with Pair(answer=True) as pair:
        pair.place()
        pair.prove_sound()
        pair.end(pair.alice, pair.bob)


def test_we_call_and_they_hang_up():
    with Pair(answer=True) as pair:
        pair.place()
        pair.prove_sound()
        pair.end(pair.bob, pair.alice)


def test_they_call_and_hang_up():
    with Pair(ours={"answer": True}) as pair:
        pair.take()
        pair.prove_sound()
        pair.end(pair.bob, pair.alice)


def test_they_call_and_we_hang_up():
    with Pair(ours={"answer": True}) as pair:
        pair.take()
        pair.prove_sound()
        pair.end(pair.alice, pair.bob)


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


def test_we_cancel():
    with Pair() as pair:
        pair.alice.tell(do="invite", target=pair.target("bob"))
        pair.bob.expect("invite")
        while pair.alice.expect("progress")["code"] != 180:
            continue
        pair.alice.tell(do="cancel")
        pair.alice.expect("rejected", code=487)
        pair.alice.expect("terminated")
        pair.bob.expect("terminated", cause="Canceled")


def test_they_cancel():
    with Pair() as pair:
        pair.bob.tell(do="invite", target=pair.target("alice"))
        pair.alice.expect("invite")
        while pair.bob.expect("progress").get("code") != 180:
            continue
        pair.bob.tell(do="cancel")
        pair.alice.expect("rejected", cause="Canceled")
        pair.alice.expect("terminated", cause="Canceled")
        pair.bob.expect("terminated")


def test_they_refuse():
    with Pair() as pair:
        pair.alice.tell(do="invite", target=pair.target("bob"))
        pair.bob.expect("invite")
        pair.bob.tell(do="reject", code=486)
        pair.alice.expect("rejected", code=486, cause="Busy")
        pair.alice.expect("terminated", code=486, cause="Busy")


def test_we_refuse():
    with Pair() as pair:
        pair.bob.tell(do="invite", target=pair.target("alice"))
        pair.alice.expect("invite")
        pair.alice.tell(do="reject", code=486)
        pair.bob.expect("rejected", code=486)
        pair.bob.expect("terminated")
        pair.alice.expect("terminated")


TAMPER = ["(a=fingerprint:sha-256 )..:..", "$100:00"]
NOT_SECURE = 21  # Sip.Cause.NOT_SECURE


def test_tampered_offer():
    """Whoever answers to our eyes with another certificate hears and says nothing."""
    with Pair() as pair:
        pair.bob.tell(do="invite", target=pair.target("alice"))
        pair.alice.expect("invite")
        pair.alice.tell(do="accept", replace=["offer", *TAMPER])
        failed = pair.alice.expect("mediaFailed")
        pair.alice.expect("terminated", reason=NOT_SECURE)
        pair.bob.expect("terminated")
        assert failed["status"] in (7, 12)
        assert "heard" not in pair.alice.names()
        assert len(pair.alice.heard()[0]) == 0


def test_tampered_answer():
    with Pair(answer=True) as pair:
        pair.alice.tell(do="invite", target=pair.target("bob"),
                        replace=["answer", *TAMPER])
        pair.alice.expect("mediaFailed")
        pair.alice.expect("terminated", reason=NOT_SECURE)
        pair.bob.expect("terminated")
        assert "heard" not in pair.alice.names()
        assert len(pair.alice.heard()[0]) == 0


lab.run([
    test_we_call_and_hang_up, test_we_call_and_they_hang_up, test_they_call_and_hang_up,
    test_they_call_and_we_hang_up, test_they_offer_a_picture_too, test_tones_by_info,
    test_we_cancel, test_they_cancel, test_they_refuse, test_we_refuse, test_tampered_offer,
    test_tampered_answer,
])
