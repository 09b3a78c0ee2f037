"""The window among phones of others: whoever is given away is told so in a way that they know."""

import os
import shutil
import sys
import tempfile
import unittest

import desktop
from desktop import wait
from peer import Peer

sys.path.insert(0, os.path.join(desktop.SOURCE, "tests", "interop"))

import lab  # noqa: E402
import scenario  # noqa: E402
import sound  # noqa: E402
from browser import Browser  # noqa: E402
from peers import Baresip  # noqa: E402

HOST, INTERFACE = "10.99.0.1", "phones"  # baresip leaves loopback alone


@unittest.skipUnless(shutil.which("baresip"), "no baresip")
class Strangers(desktop.Case):
    """Anna is a baresip that is called by RTP, once she has refused WebRTC."""

    def setUp(self):
        super().setUp()
        self.anna = self.peer(Baresip, HOST, INTERFACE, 700)

    def talk(self, phone):
        phone.dial(self.anna.uri)
        call = self.anna.take()
        phone.wait_text("In a call")
        phone.wait_for("Mute")
        return call

    def remember(self, phone, peer):
        """So that he stands in the list."""
        phone.dial(peer.uri)
        peer.answer(peer.wait_request("INVITE"), 486, "Busy Here")
        phone.wait_text("is in another call.")
        phone.press("Dismiss")
        phone.press_tab("Recent")
        phone.wait_text("Busy ·")

    def drop(self, phone, zone):
        phone.drag(phone.center("Busy ·", part=True), phone.center("Mute"),
                   lambda: phone.center(zone))

    def test_together(self):
        """Carol, by WebRTC, and a baresip hear each other through our conference."""
        address = f"{HOST}:{lab.free_port()}"
        carol = self.peer(lab.Phone, f"sip:carol@{address}", 700, register=False, answer=True,
                          localAddress=address)
        ben = self.peer(Baresip, HOST, INTERFACE, 900, modules=["sndfile"])
        carol.expect("connected")
        phone = self.phone()
        phone.dial(f"sip:carol@{address}")
        carol.expect("confirmed")
        phone.wait_text("In a call")
        phone.dial(ben.uri)
        call = ben.take()
        phone.press("Speak together")
        phone.wait_text("Together with carol")
        carol.expect_tone(900)
        ben.expect_sound(call, packets=100)  # so many that a tone can be told
        ben.tell("hangup", call=call)
        sound.assert_tone(ben.heard(), 700, absent=900)

    def stranger_asks(self, peer):
        """The INVITE that anna sends to whom she was told to call."""
        invite = peer.wait_request("INVITE", time_limit=60)
        self.assertIn("baresip", invite.get("From"))
        return invite

    def assert_back(self, phone, words):
        wait(lambda: phone.find(words, part=True), words, 90)
        wait(lambda: phone.find_button("Hold"), "anna to be back", 60)
        self.anna.expect_sound(self.call)

    def test_dropped_on_send_now(self):
        ben = self.peer(Baresip, HOST, INTERFACE, 900)
        phone = self.phone()
        phone.dial(ben.uri)
        call = ben.take()
        phone.press("End call")
        ben.expect_end(call)
        phone.press("Dismiss")
        phone.press_tab("Recent")
        phone.wait_text("You called ·")
        call = self.talk(phone)
        phone.drag(phone.center("You called ·", part=True), phone.center("Mute"),
                   lambda: phone.center("Send now"))
        phone.wait_text("Sending baresip to baresip")
        second = ben.take()
        self.anna.expect_end(call)
        ben.expect_sound(second)
        phone.wait_gone("End call")

    def refuse(self, status, phrase, words):
        ben = self.peer(Peer, "ben", host=HOST)
        phone = self.phone()
        self.remember(phone, ben)
        self.call = self.talk(phone)
        self.drop(phone, "Send now")
        invite = self.stranger_asks(ben)
        ben.answer(invite, 180, "Ringing")
        ben.answer(invite, status, phrase)
        self.assert_back(phone, words)

    def test_busy(self):
        self.refuse(486, "Busy Here", "is in another call. baresip is still here.")

    def test_refused(self):
        self.refuse(603, "Decline", "declined. baresip is still here.")

    def test_vanished(self):
        ben = self.peer(Peer, "ben", host=HOST)
        phone = self.phone()
        self.remember(phone, ben)
        self.call = self.talk(phone)
        ben.close()
        self.drop(phone, "Send now")
        self.assert_back(phone, "baresip is still here.")

    def test_silent_when_asked(self):
        ben = self.peer(Peer, "ben", host=HOST)
        phone = self.phone()
        self.remember(phone, ben)
        self.call = self.talk(phone)
        self.drop(phone, "Ask first")
        ben.wait_request("INVITE")
        self.assert_back(phone, "baresip is still here.")

    def test_by_keys(self):
        ben = self.peer(Peer, "ben", host=HOST)
        phone = self.phone()
        self.call = self.talk(phone)
        phone.key("ctrl+t")
        phone.wait_text("Transfer baresip to…")
        phone.type_into("Dial", ben.uri)
        phone.key("ctrl+Return")
        ben.answer(self.stranger_asks(ben), 486, "Busy Here")
        self.assert_back(phone, "baresip is still here.")

    def test_by_touch(self):
        desktop.set_window_size(360, 720)
        ben = self.peer(Peer, "ben", host=HOST)
        phone = self.phone()
        self.remember(phone, ben)
        self.call = self.talk(phone)
        phone.tap("Transfer")
        phone.wait_text("Transfer baresip to…")
        phone.tap("Busy ·", part=True)
        phone.wait_for("Send now")
        phone.tap("Send now")
        ben.answer(self.stranger_asks(ben), 486, "Busy Here")
        self.assert_back(phone, "baresip is still here.")


@unittest.skipUnless(shutil.which("sipp"), "no sipp")
class Scenarios(desktop.Case):
    """Anna is a sipp."""

    def test_nothing_is_heard_of_the_target(self):
        ben = self.peer(Peer, "ben")
        phone = self.phone()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        anna = self.peer(scenario.Sipp, folder.name, "waits-in-vain", limit=180)
        phone.dial(anna.target)
        phone.wait_text("In a call")
        phone.key("ctrl+t")
        phone.wait_text("Transfer sipp to…")
        phone.type_into("Dial", ben.uri)
        phone.key("ctrl+Return")
        wait(lambda: phone.find("sipp is still here.", part=True), "the caller", 90)
        phone.press("End call")
        anna.expect_success()


@unittest.skipUnless(shutil.which("kamailio") and shutil.which("node") and
                     shutil.which("gjs"), "no kamailio, node or gjs")
class Browsers(desktop.Case):
    """Bob is SIP.js in Chromium, carol a phone of the library; all of us are at one kamailio."""

    def setUp(self):
        super().setUp()
        server = lab.Kamailio()
        server.__enter__()
        self.addCleanup(server.__exit__)
        self.bob = self.peer(Browser, server, "bob", answer=True)
        self.carol = self.peer(lab.Phone, f"sip:carol@{server.domain}", 400,
                               server=server.server("WS"), password=server.PASSWORDS["carol"],
                               answer=True)
        self.bob.expect("registered")
        self.carol.expect("registered")
        self.domain = server.domain
        self.window = self.phone()
        self.window.wait_for("Dial")
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, f"[Account Work]\nAddress=sip:alice@{server.domain}\n"
                            f"Server={server.server('UDP')}\nUser=alice\nPassword=secret\n"
                            "Media=web\n")
        self.assertEqual(self.window.run("--provision", path).returncode, 0)
        self.window.wait_text("Ready")

    def call(self, user, peer):
        self.window.dial(f"sip:{user}@{self.domain}")
        peer.expect("confirmed")
        self.window.wait_text("In a call")
        self.window.wait_for("Mute")

    def assert_joined(self):
        """Bob was told to take our place in the call with carol, and did."""
        self.bob.expect("referRequested")
        self.carol.expect("replaced")
        self.bob.expect_sound()
        self.window.wait_gone("End call")

    def test_dropped_on_ask_first(self):
        self.call("carol", self.carol)
        self.window.press("End call")
        self.carol.expect("terminated")
        self.window.press("Dismiss")
        self.window.press_tab("Recent")
        self.window.wait_text("You called ·")
        self.call("bob", self.bob)
        self.window.drag(self.window.center("You called ·", part=True),
                         self.window.center("Mute"), lambda: self.window.center("Ask first"))
        self.bob.expect("reinvite", direction="sendonly")
        self.carol.expect("confirmed")
        self.window.press("Complete transfer")
        self.assert_joined()

    def test_call_dropped_on_call(self):
        self.call("carol", self.carol)
        self.call("bob", self.bob)
        self.window.wait_text("You put carol on hold")
        self.window.drag(self.window.center("You put carol on hold", part=True),
                         self.window.center("Mute"), lambda: self.window.center("Ask first"))
        self.assert_joined()


if __name__ == "__main__":
    unittest.main(verbosity=2)
