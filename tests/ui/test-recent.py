"""What is remembered of calls, and who called while nobody was there."""

import os
import re
import sqlite3
import time
import unittest

import desktop
from desktop import wait
from peer import Peer, Registrar

ACCOUNT = "[Account Work]\nAddress=sip:alice@127.0.0.1\nServer={server}\nUser=alice\nMedia=web\n"


class Recent(desktop.Case):
    def sign_in(self, phone, user="anna"):
        registrar = self.peer(Registrar, user, display_name="Anna Lindqvist")
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, ACCOUNT.format(server=registrar.server))
        self.assertEqual(phone.run("--provision", path).returncode, 0)
        return registrar, registrar.take_registration()

    def miss(self, registrar, register):
        dialog = registrar.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        registrar.wait_response("INVITE", 180)
        registrar.cancel(dialog)
        registrar.wait_response("INVITE", 487)

    def test_answered_elsewhere(self):
        """That is not missed: nobody is told, and the list says so."""
        phone = self.phone()
        phone.wait_for("Dial")
        registrar, register = self.sign_in(phone)
        dialog = registrar.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        number, _, _, _ = self.notifications.wait_shown("Anna Lindqvist")
        registrar.request("CANCEL", dialog["uri"], dialog, dialog["peer"],
                          headers='Reason: SIP;cause=200;text="Call completed elsewhere"')
        registrar.wait_response("INVITE", 487)
        self.notifications.wait_withdrawn(number)
        phone.press_tab("Recent")
        phone.wait_text("Answered on another phone ·")
        self.assertEqual(len(self.notifications.calls("Notify")), 1)

    def see_only_missed(self, phone, registrar):
        """Others are in the list, but not in that of the missed ones."""
        phone.dial("ben")
        registrar.answer(registrar.wait_request("INVITE"), 486, "Busy Here")
        phone.wait_text("Busy ·")
        phone.press("Missed")
        phone.wait_text_gone("Busy ·")
        phone.wait_text("Missed ·")
        phone.press("All")
        phone.wait_text("Busy ·")
        phone.press("Dismiss")

    def test_called(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.press_tab("Recent")
        phone.dial(anna.uri)
        anna.answer(anna.wait_request("INVITE"), 486, "Busy Here")
        phone.wait_text("Busy ·")
        phone.press("Dismiss")
        phone.press("Call anna")
        anna.answer_offer(anna.wait_request("INVITE"))
        anna.wait_request("ACK")
        phone.wait_text("You call ·")

    def test_older(self):
        """The day of it is read out as it is written: it is no number that one calls."""
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.dial(anna.uri)
        anna.answer(anna.wait_request("INVITE"), 486, "Busy Here")
        phone.press("Dismiss")
        phone.close()
        moment = time.time() - 10 * 24 * 3600
        with sqlite3.connect(os.path.join(os.environ["XDG_DATA_HOME"], "ahoy/history.db")) as file:
            file.execute("UPDATE call SET started = ?", (int(moment * 1e6),))
        file.close()
        phone = self.phone()
        phone.press_tab("Recent")
        phone.wait_text(time.strftime("Busy · %x", time.localtime(moment)))

    def test_crash_in_a_call(self):
        phone, anna = self.start_call()
        phone.press_tab("Recent")
        phone.wait_text("You call ·")
        phone.crash()
        again = self.phone()
        again.press_tab("Recent")
        again.wait_text("Interrupted ·")

    def test_digits_are_kept_nowhere(self):
        """A number typed into a call may be that of a bank account."""
        anna = self.peer(Peer, "anna")
        phone = self.phone(G_MESSAGES_DEBUG="app,ui,store,media,sip")
        phone.dial(anna.uri)
        anna.answer_offer(anna.wait_request("INVITE"))
        anna.wait_request("ACK")
        phone.press("Keypad")
        for digit in "739184":
            phone.press(digit)
            info = anna.wait_request("INFO")
            self.assertIn(f"Signal={digit}", info.body.replace(" ", ""))
            anna.answer(info, 200, "OK")
        phone.wait_text("739184")
        phone.press("End call")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        phone.wait_text("Call ended")
        phone.press_tab("Recent")
        phone.wait_text("You called ·")
        with open(phone.log.name, "rb") as log:
            kept = {phone.log.name: log.read()}
        for folder, _, names in os.walk(os.environ["HOME"]):
            for path in (os.path.join(folder, name) for name in names):
                if os.path.isfile(path):
                    with open(path, "rb") as file:
                        kept[path] = file.read()
        self.assertTrue(any(b"anna" in kept[path] for path in kept if "history.db" in path))
        for path, content in kept.items():
            self.assertNotIn(b"739184", content, path)
            self.assertNotIn(b"Signal", content, path)

    def test_damaged_history(self):
        desktop.write(os.path.join(os.environ["XDG_DATA_HOME"], "ahoy/history.db"), "no database" * 99)
        phone = self.phone()
        phone.wait_text("A file was damaged.")
        anna = self.peer(Peer, "anna")
        phone.dial(anna.uri)
        anna.answer(anna.wait_request("INVITE"), 486, "Busy Here")
        phone.press_tab("Recent")
        phone.wait_text("Busy ·")

    def ring(self):
        """Anna calls; how urgent that is, and what the phone wrote."""
        phone = self.phone(G_MESSAGES_DEBUG="app")
        phone.wait_for("Dial")
        registrar, register = self.sign_in(phone)
        dialog = registrar.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        _, _, hints, _ = self.notifications.wait_shown("Anna Lindqvist")
        phone.wait_for("Answer")
        registrar.cancel(dialog)
        registrar.wait_response("INVITE", 487)
        with open(phone.log.name, encoding="utf-8") as log:
            return int(hints["urgency"]), log.read()

    def test_do_not_disturb(self):
        desktop.write(os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0/settings/keyfile"),
                      "[org/gnome/desktop/notifications]\nshow-banners=false\n")
        urgency, log = self.ring()
        self.assertEqual(urgency, 1)
        self.assertNotIn("tone 0 to 1", log)

    def test_rings(self):
        urgency, log = self.ring()
        self.assertEqual(urgency, 2)
        self.assertIn("tone 0 to 1", log)

    def test_keys_after_a_number(self):
        phone = self.phone()
        phone.wait_for("Dial")
        registrar, _ = self.sign_in(phone)
        phone.wait_text("Ready")
        phone.dial("030 1234,5#")
        invite = registrar.wait_request("INVITE")
        self.assertTrue(re.match(r"INVITE sip:0301234@", invite.start))
        registrar.answer_offer(invite)
        registrar.wait_request("ACK")
        for key in "5#":
            info = registrar.wait_request("INFO")
            self.assertIn(f"Signal={key}", info.body.replace(" ", ""))
            registrar.answer(info, 200, "OK")

    def test_keys_that_wait(self):
        """Behind a semicolon they are not pressed before the person says so."""
        phone = self.phone()
        phone.wait_for("Dial")
        registrar, _ = self.sign_in(phone)
        phone.wait_text("Ready")
        phone.dial("030 1234;42;7")
        invite = registrar.wait_request("INVITE")
        self.assertTrue(re.match(r"INVITE sip:0301234@", invite.start))
        registrar.answer_offer(invite)
        registrar.wait_request("ACK")
        phone.wait_text("Send the digits 42?")
        self.assertFalse(registrar.has_received("INFO"))
        phone.press("Send")
        for key in "42":
            info = registrar.wait_request("INFO")
            self.assertIn(f"Signal={key}", info.body.replace(" ", ""))
            registrar.answer(info, 200, "OK")
        phone.wait_text("Send the digits 7?")
        phone.press("Don’t send")
        phone.wait_text_gone("Send the digits")
        self.assertFalse(registrar.has_received("INFO"))

    def test_hidden_call(self):
        phone, anna = self.start_call()
        self.assertFalse(self.notifications.calls("Notify"))
        phone.key("ctrl+w")
        number, buttons, _, body = self.notifications.wait_shown("anna")
        self.assertEqual(body, "In a call")
        self.notifications.press(number, buttons["End call"])
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        self.notifications.wait_withdrawn(number)

    def test_missed(self):
        phone = self.phone()
        phone.wait_for("Dial")
        registrar, register = self.sign_in(phone)
        self.miss(registrar, register)
        _, _, _, body = self.notifications.wait_shown("Anna Lindqvist")
        wait(lambda: any("Missed call" in str(call[4])
                         for call in self.notifications.calls("Notify")), "a missed call")
        self.miss(registrar, register)
        wait(lambda: any("2 missed calls" in str(call[4])
                         for call in self.notifications.calls("Notify")), "two missed calls")
        phone.press_tab("Recent")
        phone.wait_text("Missed ·")
        self.see_only_missed(phone, registrar)
        shown = self.notifications.calls("Notify")
        number = int(shown[-1][1]) or sum(1 for call in shown if int(call[1]) == 0)
        actions = [str(word) for word in shown[-1][5]]
        self.assertIn("Call back", actions)
        self.notifications.press(number, actions[actions.index("Call back") - 1])
        invite = registrar.wait_request("INVITE")
        self.assertTrue(re.match(r"INVITE sip:anna@", invite.start))
        registrar.answer(invite, 486, "Busy Here")


if __name__ == "__main__":
    unittest.main(verbosity=2)
