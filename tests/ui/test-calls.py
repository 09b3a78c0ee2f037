"""Calls as a person makes and takes them, against a phone made of text."""

import os
import re
import subprocess
import unittest

import desktop
from desktop import wait
from peer import Peer, Registrar

ACCOUNT = """[Account Work]
Address=sip:alice@127.0.0.1
Server={server}
User=alice
Media=web
"""


class Outgoing(desktop.Case):
    def test_call_and_end(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.dial(anna.uri)
        invite = anna.wait_request("INVITE")
        anna.answer(invite, 180, "Ringing")
        phone.wait_text("Ringing")
        phone.wait_for("anna")
        anna.answer_offer(invite)
        anna.wait_request("ACK")
        phone.wait_text("In a call")
        phone.wait_text("00:01")
        phone.wait_text("00:02")
        phone.press("Mute")
        phone.wait_for("Unmute")
        phone.press("Unmute")
        phone.wait_for("Mute")
        phone.press("End call")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        phone.wait_text("Call ended")
        phone.press("Dismiss")
        phone.wait_text("Ready when you are")

    def test_other_side_ends(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.dial(anna.uri)
        invite = anna.wait_request("INVITE")
        anna.answer_offer(invite)
        anna.wait_request("ACK")
        dialog = {"from": invite.get("To") + f";tag={anna.tag}", "to": invite.get("From"),
                  "call_id": invite.get("Call-ID"), "cseq": 1, "uri": invite.contact_uri,
                  "peer": invite.sender}
        anna.bye(dialog)
        anna.wait_response("BYE", 200)
        phone.wait_text("anna hung up")

    def test_quit_asks_first(self):
        phone, anna = self.start_call()
        phone.key("ctrl+q")
        phone.wait_text("You are in a call with")
        phone.press("_Cancel Cancel")
        phone.wait_text_gone("You are in a call with")
        phone.wait_for("End call")
        phone.key("ctrl+q")
        phone.press("_Quit Quit")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        phone.wait_end()

    def test_keypad(self):
        phone, anna = self.start_call()
        phone.press("Keypad")
        phone.press("5")
        phone.press("#")
        phone.wait_text("5#")

    def test_cancel(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.dial(anna.uri)
        invite = anna.wait_request("INVITE")
        anna.answer(invite, 180, "Ringing")
        phone.wait_text("Ringing")
        phone.press("End call")
        anna.answer(anna.wait_request("CANCEL"), 200, "OK")
        anna.answer(invite, 487, "Request Terminated")
        phone.wait_text("You hung up")

    def test_sentences(self):
        rows = [(486, "Busy Here", "anna is in another call."),
                (603, "Decline", "anna declined."),
                (404, "Not Found", "Nobody has the address anna@"),
                (480, "Temporarily Unavailable", "anna isn’t reachable right now."),
                (484, "Address Incomplete", "This number is incomplete."),
                (488, "Not Acceptable Here", "no sound format in common"),
                (503, "Service Unavailable", "had a problem (503).")]
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        for status, phrase, sentence in rows:
            with self.subTest(status=status):
                phone.dial(anna.uri)
                anna.answer(anna.wait_request("INVITE"), status, phrase)
                if status == 488:  # the other kind of media is tried, too
                    anna.answer(anna.wait_request("INVITE"), status, phrase)
                phone.wait_text(sentence)
                phone.press("Dismiss")
                phone.wait_text("Ready when you are")

    def test_what_helps(self):
        """One thing to do stands beside each sentence, and does it."""
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.dial(anna.uri)
        anna.answer(anna.wait_request("INVITE"), 503, "Service Unavailable")
        phone.press("Call again")
        anna.answer(anna.wait_request("INVITE"), 486, "Busy Here")
        phone.wait_text("in another call")
        phone.wait_for("Remind me")
        phone.press("Call again")
        anna.answer(anna.wait_request("INVITE"), 404, "Not Found")
        phone.wait_text("Nobody has the address")
        self.assertIsNone(phone.find("Call again"))
        phone.press("Edit address")
        phone.wait_text("Ready when you are")
        self.assertEqual(phone.entry_text(), anna.uri.removeprefix("sip:"))

    def test_keys(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone(anna.uri)
        phone.wait_for("Dial")
        phone.key("Return")
        anna.answer_offer(anna.wait_request("INVITE"))
        anna.wait_request("ACK")
        phone.wait_text("In a call")
        phone.key("ctrl+m")
        phone.wait_for("Unmute")
        phone.key("Escape")
        phone.wait_text("hear you")
        self.assertFalse(anna.has_received("BYE"))
        phone.key("ctrl+d")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        phone.wait_text("Call ended")

    def test_wrong_addresses(self):
        phone = self.phone()
        phone.wait_for("Dial")
        for text in ("sip:", "@", "bob bob@", "bob@exa mple", "bob", "https://example.org"):
            with self.subTest(text=text):
                phone.type_into("Dial", text)
                wait(lambda: not self.alerts(phone), "the last sentence to go")
                phone.press("Call")
                wait(lambda: self.alerts(phone), "a sentence under the entry")
                self.assertIsNone(phone.find("End call"))
                self.assertEqual(phone.entry_text(), text)

    @staticmethod
    def alerts(phone):
        return [node.name for node in phone.screen.walk()
                if node.role in ("notification", "alert") and node.name]


class Links(desktop.Case):
    def test_link_fills_and_does_not_dial(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.wait_for("Dial")
        second = phone.run(anna.uri + "?Subject=x")
        self.assertEqual(second.returncode, 0, second.stdout)
        wait(lambda: phone.entry_text() == anna.uri, "the address in the entry")
        third = phone.run("tel:+49-30-123")
        self.assertEqual(third.returncode, 0, third.stdout)
        wait(lambda: phone.entry_text() == "+49-30-123", "the number in the entry")
        self.assertFalse(anna.has_received("INVITE"))
        self.assertIsNone(phone.find("End call"))

    def test_open_by_the_bus(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.wait_for("Dial")
        subprocess.run(["gdbus", "call", "--session", "--dest", desktop.APPLICATION_ID,
                        "--object-path", "/io/github/ahoyphone/Ahoy", "--method",
                        "org.freedesktop.Application.Open", f"['{anna.uri}']", "{}"], check=True,
                       stdout=subprocess.DEVNULL)
        wait(lambda: phone.entry_text() == anna.uri, "the address in the entry")
        actions = subprocess.run(["gdbus", "call", "--session", "--dest", desktop.APPLICATION_ID,
                                  "--object-path", "/io/github/ahoyphone/Ahoy", "--method",
                                  "org.gtk.Actions.List"], check=True, stdout=subprocess.PIPE,
                                 text=True).stdout
        self.assertIn("answer", actions)
        self.assertNotIn("dial", actions)
        self.assertFalse(anna.has_received("INVITE"))

    def test_link_that_is_none(self):
        phone = self.phone("http://example.org")
        phone.wait_text("This link names nobody to call.")


class Incoming(desktop.Case):
    def sign_in(self):
        registrar = self.peer(Registrar, "alice", display_name="Ben <b>Okafor</b>")
        phone = self.phone()
        path = os.path.join(os.environ["HOME"], "accounts")
        with open(path, "w", encoding="utf-8") as file:
            file.write(ACCOUNT.format(server=registrar.server))
        phone.wait_for("Dial")
        added = phone.run("--provision", path)
        self.assertEqual(added.returncode, 0, added.stdout)
        register = registrar.take_registration()
        phone.wait_text("Ready")
        return phone, registrar, register

    def ring(self, close_window=False):
        phone, registrar, register = self.sign_in()
        if close_window:
            phone.key("ctrl+w")
            wait(lambda: not phone.screen.read(), "the window to close")
        dialog = registrar.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        shown = self.notifications.wait_shown("Ben <b>Okafor</b>")
        registrar.wait_response("INVITE", 180)
        return phone, registrar, dialog, shown

    def test_answer_from_the_notification(self):
        phone, registrar, dialog, (number, buttons, hints, body) = self.ring()
        self.assertEqual(int(hints["urgency"]), 2)
        self.assertIn("Work", body)
        phone.wait_for("Ben <b>Okafor</b>")
        self.notifications.press(number, buttons["Answer"])
        registrar.acknowledge(dialog, registrar.wait_response("INVITE", 200))
        self.notifications.wait_withdrawn(number)
        phone.wait_text("In a call")
        phone.press("End call")
        registrar.answer(registrar.wait_request("BYE"), 200, "OK")

    def test_answer_while_the_window_is_closed(self):
        phone, registrar, dialog, (number, buttons, _, _) = self.ring(close_window=True)
        self.notifications.press(number, buttons["Answer"])
        registrar.acknowledge(dialog, registrar.wait_response("INVITE", 200))
        self.notifications.wait_withdrawn(number)
        registrar.bye(dialog)
        registrar.wait_response("BYE", 200)

    def test_muted_while_the_window_is_closed(self):
        phone, registrar, dialog, (number, buttons, _, _) = self.ring(close_window=True)
        self.notifications.press(number, buttons["Answer"])
        registrar.acknowledge(dialog, registrar.wait_response("INVITE", 200))
        number, buttons, _, _ = self.notifications.wait_shown("Ben", "Mute")
        self.notifications.press(number, buttons["Mute"])
        number, buttons, _, body = self.notifications.wait_shown("Ben", "Unmute")
        self.assertEqual(body, "They can’t hear you")
        self.notifications.press(number, buttons["End call"])
        registrar.answer(registrar.wait_request("BYE"), 200, "OK")

    def test_decline_from_the_notification(self):
        phone, registrar, dialog, (number, buttons, _, _) = self.ring(close_window=True)
        self.notifications.press(number, buttons["Decline"])
        registrar.wait_response("INVITE", 603)
        self.notifications.wait_withdrawn(number)

    def test_answer_in_the_window(self):
        phone, registrar, dialog, (number, _, _, _) = self.ring()
        phone.press("Answer")
        registrar.acknowledge(dialog, registrar.wait_response("INVITE", 200))
        self.notifications.wait_withdrawn(number)
        phone.wait_for("End call")

    def test_decline_in_the_window(self):
        phone, registrar, dialog, (number, _, _, _) = self.ring()
        phone.press("Decline")
        registrar.wait_response("INVITE", 603)
        self.notifications.wait_withdrawn(number)
        phone.wait_text("You declined")

    def test_caller_gives_up(self):
        phone, registrar, dialog, (number, _, _, _) = self.ring()
        registrar.cancel(dialog)
        registrar.wait_response("INVITE", 487)
        self.notifications.wait_withdrawn(number)
        phone.wait_text("hung up before you answered")


class Echo(desktop.Case):
    def test_echo_test(self):
        phone = self.phone()
        phone.press("Echo test")
        phone.wait_for("End call")
        phone.wait_for("Echo test", roles=("panel", "grouping"))
        phone.wait_text("In a call")
        phone.press("End call")
        phone.wait_text("Call ended")

    def test_details(self):
        phone = self.phone()
        phone.press("Echo test")
        phone.wait_text("In a call")
        phone.press("Details")
        phone.wait_text("Call-ID")
        phone.wait_text("200 OK")
        phone.press("Copy")
        phone.wait_for("Copied")
        phone.key("Escape")
        phone.wait_gone("Copied")
        phone.key("ctrl+l", "ctrl+v")
        wait(lambda: "200 OK" in phone.entry_text(), "what was copied")

    def test_self_test(self):
        phone = self.phone()
        phone.wait_for("Dial")
        path = os.path.join(os.environ["HOME"], "self-test.png")
        done = phone.run("--self-test", "--screenshot", path)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"\+\d+ ms accepted")
        found = re.search(r"came back (-?[\d.]+) dBFS", done.stdout)
        self.assertGreater(float(found.group(1)), -40)
        self.assertGreater(os.path.getsize(path), 10000)


if __name__ == "__main__":
    unittest.main(verbosity=2)
