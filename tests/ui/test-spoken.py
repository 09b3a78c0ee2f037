"""A whole call without a pointer, by what assistive technology reads out and presses."""

import os
import unittest

import desktop
from desktop import wait
from peer import Peer, Registrar


class Spoken(desktop.Case):
    def assert_named(self, phone):
        """Whatever can be pressed or typed into says what it is."""
        for node in phone.screen.walk():
            if node.role in ("push button", "toggle button", "text", "page tab"):
                self.assertTrue(node.name, node.role)

    def answer_round(self, peer, words):
        request = peer.wait_request("INVITE")
        self.assertIn(f"a={words}", request.body)
        peer.agree(request)

    def spoken(self, phone, words):
        """A sentence that is read out by itself."""
        wait(lambda: any(words in node.name for node in phone.screen.walk()
                         if node.role in ("notification", "alert")),
             f"“{words}” to be spoken")

    def place(self, width):
        desktop.set_window_size(width, 720)
        anna, ben = self.peer(Peer, "anna"), self.peer(Peer, "ben")
        phone = self.phone()
        phone.wait_for("Dial")
        self.assert_named(phone)
        phone.dial(anna.uri)
        invite = anna.wait_request("INVITE")
        anna.answer(invite, 180, "Ringing")
        self.spoken(phone, "Ringing…")
        anna.answer_offer(invite)
        anna.wait_request("ACK")
        self.spoken(phone, "In a call")
        phone.press("Mute")
        self.spoken(phone, "They can’t hear you")
        phone.press("Unmute")
        phone.press("Keypad")
        phone.press("5")
        self.assert_named(phone)
        phone.press("Keypad")
        phone.press("Hold")
        self.answer_round(anna, "sendonly")
        self.spoken(phone, "You put anna on hold")
        phone.press("Resume")
        self.answer_round(anna, "sendrecv")
        phone.press("Transfer")
        phone.wait_text("Transfer anna to…")
        phone.type_into("Dial", ben.uri)
        self.assert_named(phone)
        phone.press("Ask first")
        self.answer_round(anna, "sendonly")
        ben.answer(ben.wait_request("INVITE"), 486, "Busy Here")
        self.answer_round(anna, "sendrecv")
        phone.wait_text("is in another call. anna is still here.")
        phone.press("End call")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        self.spoken(phone, "Call ended")
        phone.press("Dismiss")

    def test_placed_wide(self):
        self.place(1200)

    def test_placed_narrow(self):
        self.place(360)

    def take(self, width):
        desktop.set_window_size(width, 720)
        phone = self.phone()
        phone.wait_for("Dial")
        anna = self.peer(Registrar, "anna", display_name="Anna Lindqvist")
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, "[Account Work]\nAddress=sip:alice@127.0.0.1\n"
                            f"Server={anna.server}\nUser=alice\nMedia=web\n")
        self.assertEqual(phone.run("--provision", path).returncode, 0)
        register = anna.take_registration()
        dialog = anna.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        self.spoken(phone, "Calling you at Work")
        self.assert_named(phone)
        phone.press("Answer")
        anna.acknowledge(dialog, anna.wait_response("INVITE", 200))
        self.spoken(phone, "In a call")
        anna.bye(dialog)
        self.spoken(phone, "hung up")

    def test_taken_wide(self):
        self.take(1200)

    def test_taken_narrow(self):
        self.take(360)

    def test_number(self):
        """Digit by digit, on the card and in the list of calls; it is shown as it is written."""
        anna = self.peer(Peer, "0301234567")
        phone = self.phone()
        phone.dial(anna.uri)
        invite = anna.wait_request("INVITE")
        said = "0 3 0 1 2 3 4 5 6 7"
        label = phone.wait_for(said, roles=("label",))
        self.assertEqual(label.get_text(), "0301234567")
        anna.answer_offer(invite)
        anna.wait_request("ACK")
        phone.press("Transfer")
        phone.wait_text(f"Transfer {said} to…")
        phone.press("Cancel transfer")
        phone.press("End call")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        phone.press("Dismiss")
        phone.press_tab("Recent")
        phone.wait_for(f"Call {said}")

    def test_number_in_a_sentence(self):
        """Where somebody is given to a number, and what became of it."""
        phone, anna = self.start_call()
        ben = self.peer(Peer, "0309876543")
        phone.press("Transfer")
        phone.type_into("Dial", ben.uri)
        phone.wait_text("Speak with 0 3 0 9 8 7 6 5 4 3@")
        phone.press("Ask first")
        self.answer_round(anna, "sendonly")
        ben.answer(ben.wait_request("INVITE"), 486, "Busy Here")
        self.answer_round(anna, "sendrecv")
        phone.wait_text(" is in another call. anna is still here.")
        said = [node.name for node in phone.screen.walk() if "is in another call" in node.name]
        self.assertTrue(said)
        for text in said:
            self.assertIn("0 3 0 9 8 7 6 5 4 3", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
