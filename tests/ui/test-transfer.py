"""A call is given to somebody else, by keyboard, by buttons and by hand; nobody is ever lost."""

import os
import subprocess
import sys
import time
import unittest

import desktop
from desktop import wait
from peer import Peer


NO_REFER = "Allow: INVITE, ACK, BYE, CANCEL"


class Transfer(desktop.Case):
    def setUp(self):
        super().setUp()
        self.anna, self.ben = self.peer(Peer, "anna"), self.peer(Peer, "ben")

    def talk(self, phone, peer, headers=""):
        phone.dial(peer.uri)
        invite = peer.wait_request("INVITE")
        peer.answer_offer(invite, headers=headers)
        peer.wait_request("ACK")
        phone.wait_for("End call")
        return peer.dialog(invite)

    def answer_round(self, peer, words):
        request = peer.wait_request("INVITE")
        self.assertIn(f"a={words}", request.body)
        peer.agree(request)

    def notify(self, peer, dialog, status, state="active;expires=60"):
        peer.notify(dialog, "refer", f"SIP/2.0 {status}\n", "message/sipfrag;version=2.0", state)

    def send_now(self, phone):
        """By keys alone; returns the dialog with anna."""
        dialog = self.talk(phone, self.anna)
        phone.key("ctrl+t")
        phone.wait_text("Transfer anna")
        phone.type_into("Dial", self.ben.uri)
        phone.key("ctrl+Return")
        self.answer_round(self.anna, "sendonly")
        phone.wait_text("Sending anna to ben")
        return dialog

    def test_send_now(self):
        phone = self.phone()
        dialog = self.send_now(phone)
        refer = self.anna.wait_request("REFER")
        self.assertEqual(refer.get("Refer-To"), f"<{self.ben.uri}>")
        self.anna.answer(refer, 202, "Accepted")
        self.notify(self.anna, dialog, "100 Trying")
        self.notify(self.anna, dialog, "180 Ringing")
        phone.wait_text("whose phone rings")
        self.notify(self.anna, dialog, "200 OK", "terminated;reason=noresource")
        self.anna.answer(self.anna.wait_request("BYE"), 200, "OK")
        phone.wait_text("answered anna")

    def test_send_now_to_busy(self):
        phone = self.phone()
        dialog = self.send_now(phone)
        self.anna.answer(self.anna.wait_request("REFER"), 202, "Accepted")
        self.notify(self.anna, dialog, "486 Busy Here", "terminated;reason=noresource")
        self.answer_round(self.anna, "sendrecv")
        phone.wait_text("is in another call. anna is still here.")
        wait(lambda: phone.find_button("Hold"), "the call to go on")

    def test_send_now_refused(self):
        phone = self.phone()
        self.send_now(phone)
        self.anna.answer(self.anna.wait_request("REFER"), 603, "Decline")
        self.answer_round(self.anna, "sendrecv")
        phone.wait_text("anna is still here.")

    def test_taken_back(self):
        """Ben's phone rings and rings."""
        phone = self.phone()
        dialog = self.send_now(phone)
        self.anna.answer(self.anna.wait_request("REFER"), 202, "Accepted")
        self.notify(self.anna, dialog, "180 Ringing")
        phone.wait_text("whose phone rings")
        phone.press("Take back")
        self.answer_round(self.anna, "sendrecv")
        wait(lambda: phone.find_button("Hold"), "the call to go on")

    def test_undo(self):
        phone = self.phone()
        self.send_now(phone)
        phone.press("Undo")
        self.answer_round(self.anna, "sendrecv")
        phone.wait_for("Hold")
        time.sleep(5)  # longer than what there was to undo
        self.assertFalse(self.anna.has_received("REFER"))

    def test_to_himself(self):
        phone = self.phone()
        self.talk(phone, self.anna)
        phone.press("Transfer")
        phone.type_into("Dial", self.anna.uri)
        phone.press("Send now")
        phone.wait_text("cannot be transferred to")
        self.assertFalse(self.anna.has_received("INVITE"))
        phone.press("Cancel transfer")
        phone.wait_gone("Cancel transfer")

    def ask_first(self, phone, headers=""):
        """By buttons alone."""
        dialog = self.talk(phone, self.anna, headers)
        phone.press("Transfer")
        phone.type_into("Dial", self.ben.uri)
        phone.press("Ask first")
        self.answer_round(self.anna, "sendonly")
        return dialog

    def test_ask_first(self):
        phone = self.phone()
        dialog = self.ask_first(phone)
        invite = self.ben.wait_request("INVITE")
        self.ben.answer_offer(invite)
        self.ben.wait_request("ACK")
        phone.wait_text("anna waits while you ask ben")
        phone.press("Complete transfer")
        refer = self.anna.wait_request("REFER")
        self.assertIn("Replaces=" + invite.get("Call-ID").replace("@", "%40"),
                      refer.get("Refer-To"))
        self.anna.answer(refer, 202, "Accepted")
        self.notify(self.anna, dialog, "200 OK", "terminated;reason=noresource")
        self.anna.answer(self.anna.wait_request("BYE"), 200, "OK")
        self.ben.answer(self.ben.wait_request("BYE"), 200, "OK")
        phone.wait_text("answered anna")

    def test_not_taken(self):
        """The phone of anna cannot be told to call somebody; the phone of ben can."""
        phone = self.phone()
        self.ask_first(phone, NO_REFER)
        ben = self.ben.wait_request("INVITE")
        self.ben.answer_offer(ben)
        self.ben.wait_request("ACK")
        phone.press("Complete transfer")
        refer = self.ben.wait_request("REFER")
        self.assertIn(self.anna.uri.removeprefix("sip:"), refer.get("Refer-To"))
        self.assertIn("Replaces=", refer.get("Refer-To"))
        self.ben.answer(refer, 202, "Accepted")
        self.notify(self.ben, self.ben.dialog(ben), "200 OK", "terminated;reason=noresource")
        self.anna.answer(self.anna.wait_request("BYE"), 200, "OK")
        self.assertFalse(self.anna.has_received("REFER"))

    def test_taken_by_none(self):
        """All three speak here instead; nobody is sent away without a word."""
        phone = self.phone()
        self.talk(phone, self.anna, NO_REFER)
        phone.press("Transfer")
        phone.type_into("Dial", self.ben.uri)
        phone.wait_text("The phone of anna cannot be transferred")
        phone.wait_text("then all three together")
        phone.key("ctrl+Return")
        phone.wait_text("anna is still here.")
        phone.press("Ask first")
        self.answer_round(self.anna, "sendonly")
        self.ben.answer_offer(self.ben.wait_request("INVITE"), headers=NO_REFER)
        self.ben.wait_request("ACK")
        phone.wait_for("All three")
        self.assertIsNone(phone.find("Complete transfer"))
        phone.press("All three")
        self.answer_round(self.anna, "sendrecv")
        phone.wait_text("Together with")
        self.assertFalse(self.anna.has_received("REFER"))

    def test_all_three(self):
        phone = self.phone()
        self.ask_first(phone)
        self.ben.answer_offer(self.ben.wait_request("INVITE"))
        self.ben.wait_request("ACK")
        phone.press("All three")
        self.answer_round(self.anna, "sendrecv")
        phone.wait_text("Together with anna")
        phone.wait_gone("Complete transfer")
        self.assertFalse(self.anna.has_received("REFER"))

    def test_ask_first_busy(self):
        phone = self.phone()
        self.ask_first(phone)
        self.ben.answer(self.ben.wait_request("INVITE"), 486, "Busy Here")
        self.answer_round(self.anna, "sendrecv")
        phone.wait_text("is in another call. anna is still here.")

    def test_ask_first_and_back(self):
        phone = self.phone()
        self.ask_first(phone)
        self.ben.answer_offer(self.ben.wait_request("INVITE"))
        self.ben.wait_request("ACK")
        phone.press("Back")
        self.ben.answer(self.ben.wait_request("BYE"), 200, "OK")
        self.answer_round(self.anna, "sendrecv")

    def test_picked_by_touch(self):
        """In a narrow window: a tap on Transfer, on a person, on one of two wide buttons."""
        desktop.set_window_size(360, 720)
        phone = self.phone()
        phone.dial(self.ben.uri)
        self.ben.answer(self.ben.wait_request("INVITE"), 486, "Busy Here")
        phone.press("Dismiss")
        phone.press_tab("Recent")
        self.talk(phone, self.anna)
        phone.press("Transfer")
        phone.wait_text("Transfer anna to…")
        phone.press("Cancel transfer")
        phone.wait_gone("Cancel transfer")
        phone.press("Transfer")
        phone.wait_text("Transfer anna to…")
        phone.tap("Busy ·", part=True)
        phone.wait_text("Give anna to ben")
        phone.tap("Send now")
        self.answer_round(self.anna, "sendonly")
        phone.wait_text("Sending anna to ben")
        self.assertEqual(self.anna.wait_request("REFER").get("Refer-To"), f"<{self.ben.uri}>")

    def test_call_dropped_on_call(self):
        phone = self.phone()
        self.talk(phone, self.anna)
        phone.dial(self.ben.uri)
        self.answer_round(self.anna, "sendonly")
        invite = self.ben.wait_request("INVITE")
        self.ben.answer_offer(invite)
        self.ben.wait_request("ACK")
        phone.wait_text("You put anna on hold")
        phone.wait_for("Mute")
        phone.drag(phone.center("You put anna on hold", part=True), phone.center("Mute"),
                   lambda: phone.center("Ask first"))
        refer = self.ben.wait_request("REFER")
        self.assertIn(f"sip:anna@127.0.0.1:{self.anna.port}", refer.get("Refer-To"))
        self.assertIn("Replaces=", refer.get("Refer-To"))

    def drop_person(self, phone, zone):
        """Ben, who was called before, is dragged from the list onto the call with anna."""
        phone.dial(self.ben.uri)
        self.ben.answer(self.ben.wait_request("INVITE"), 486, "Busy Here")
        phone.press("Dismiss")
        phone.press_tab("Recent")
        phone.wait_text("Busy ·")
        dialog = self.talk(phone, self.anna)
        phone.wait_for("Mute")
        phone.drag(phone.center("Busy ·", part=True), phone.center("Mute"),
                   lambda: phone.center(zone))
        self.answer_round(self.anna, "sendonly")
        return dialog

    def test_person_dropped_to_send(self):
        phone = self.phone()
        self.drop_person(phone, "Send now")
        self.assertEqual(self.anna.wait_request("REFER").get("Refer-To"), f"<{self.ben.uri}>")

    def test_link_of_another_program_dropped(self):
        phone = self.phone()
        dialog = self.talk(phone, self.anna)
        other = subprocess.Popen([sys.executable, os.path.join(desktop.HERE, "link-window.py"),
                                  self.ben.uri])
        self.addCleanup(other.wait)
        self.addCleanup(other.terminate)
        wait(lambda: subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(other.pid)],
                                    check=False, stdout=subprocess.DEVNULL).returncode == 0,
             "the other program's window")
        phone.drag((40, 30), phone.center("Mute"), lambda: phone.center("Send now"))
        self.answer_round(self.anna, "sendonly")
        refer = self.anna.wait_request("REFER")
        self.assertEqual(refer.get("Refer-To"), f"<{self.ben.uri}>")
        self.anna.answer(refer, 202, "Accepted")
        self.notify(self.anna, dialog, "603 Decline", "terminated;reason=noresource")
        self.answer_round(self.anna, "sendrecv")

    def test_person_dropped_to_ask(self):
        phone = self.phone()
        self.drop_person(phone, "Ask first")
        self.ben.answer_offer(self.ben.wait_request("INVITE"))
        self.ben.wait_request("ACK")
        phone.press("Complete transfer")
        self.assertIn("Replaces=", self.anna.wait_request("REFER").get("Refer-To"))

    def refer_here(self, phone):
        dialog = self.talk(phone, self.anna)
        dialog["cseq"] += 1
        self.anna.request("REFER", dialog["uri"], dialog, dialog["peer"],
                          headers=f"Refer-To: <{self.ben.uri}>")
        phone.wait_text("anna wants you to call ben@127.0.0.1")

    def test_sent_on(self):
        phone = self.phone()
        self.refer_here(phone)
        phone.press("Call there")
        self.anna.wait_response("REFER", 202)
        self.answer_round(self.anna, "sendonly")
        self.ben.answer_offer(self.ben.wait_request("INVITE"))
        self.ben.wait_request("ACK")
        phone.wait_for("ben")

    def test_stays(self):
        phone = self.phone()
        self.refer_here(phone)
        self.anna.wait_response("REFER", 202)  # nobody decides in 200 ms
        self.anna.answer(self.anna.wait_request("NOTIFY"), 200, "OK")
        phone.press("Stay here")
        notify = self.anna.wait(lambda m: m.is_request and "603" in m.body)
        self.assertIn("terminated", notify.get("Subscription-State"))
        phone.wait_gone("Stay here")
        self.assertFalse(self.ben.has_received("INVITE"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
