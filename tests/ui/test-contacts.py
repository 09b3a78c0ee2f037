"""People: added from a call, named when they call, favoured, removed and brought back."""

import os
import unittest

import desktop
from desktop import wait
from peer import Peer, Registrar


class Contacts(desktop.Case):
    def setUp(self):
        super().setUp()
        self.anna = self.peer(Peer, "anna")
        self.window = self.phone()

    def choose(self, who, what):
        """Presses an entry of the menu of somebody's row."""
        self.window.choose(f"More about {who}", what)

    def add(self):
        self.window.press_tab("Recent")
        self.window.dial(self.anna.uri)
        self.anna.answer(self.anna.wait_request("INVITE"), 486, "Busy Here")
        self.window.press("Dismiss")
        self.choose("anna", "Add to Contacts…")
        self.window.type_into("Name", "Anna <b>Lindqvist</b>")
        self.window.press("Save")
        self.window.press_tab("Contacts")
        self.window.wait_for("Call Anna <b>Lindqvist</b>")

    def test_added_and_named(self):
        self.add()
        self.window.press("Call Anna <b>Lindqvist</b>")
        self.anna.answer_offer(self.anna.wait_request("INVITE"))
        self.anna.wait_request("ACK")
        self.window.wait_for("End call")
        self.window.wait_text("Anna <b>Lindqvist</b>")

    def test_renamed_everywhere(self):
        """A name that is changed stands in Recent and on the card of the call that is on."""
        self.add()
        self.window.press("Call Anna <b>Lindqvist</b>")
        self.anna.answer_offer(self.anna.wait_request("INVITE"))
        self.anna.wait_request("ACK")
        self.window.wait_for("End call")
        self.window.choose("More about Anna <b>Lindqvist</b>", "Edit…")
        self.window.type_into("Name", "Anna Maria")
        self.window.press("Save")
        wait(lambda: self.window.find("Anna Maria", roles=("panel", "grouping")), "the card")
        self.window.press_tab("Recent")
        self.window.wait_text("You call ·")
        self.window.wait_for("Call Anna Maria")
        self.window.wait_gone("Call Anna <b>Lindqvist</b>")

    def test_suggested(self):
        self.add()
        self.window.press_tab("Favourites")
        self.window.wait_gone("Call Anna <b>Lindqvist</b>")
        self.window.type_into("Dial", "lind")
        self.window.wait_for("Call Anna <b>Lindqvist</b>")
        self.window.press("Call")
        invite = self.anna.wait_request("INVITE")
        self.assertIn(self.anna.uri, invite.start)
        self.anna.answer(invite, 486, "Busy Here")

    def test_favoured_and_kept(self):
        self.add()
        self.choose("Anna <b>Lindqvist</b>", "Add to Favourites")
        self.window.press_tab("Favourites")
        self.window.wait_for("Call Anna <b>Lindqvist</b>")
        self.window.process.terminate()
        self.window.process.wait()
        self.window = self.phone()
        self.window.press_tab("Favourites")
        self.window.wait_for("Call Anna <b>Lindqvist</b>")

    def test_removed_and_back(self):
        self.add()
        self.choose("Anna <b>Lindqvist</b>", "Remove")
        self.window.wait_text("was removed.")
        self.window.wait_gone("Call Anna <b>Lindqvist</b>")
        self.window.tap("Undo")
        self.window.wait_for("Call Anna <b>Lindqvist</b>")

    def test_nothing_to_call(self):
        self.add()
        self.choose("Anna <b>Lindqvist</b>", "Edit…")
        self.window.type_into("Number or address", "")
        self.window.press("Save")
        self.window.wait_text("A number or an address is needed to call.")
        self.window.press("Cancel")
        self.window.wait_for("Call Anna <b>Lindqvist</b>")


class Presence(desktop.Case):
    """Whether a favourite is in a call, as his server tells."""

    def setUp(self):
        super().setUp()
        self.registrar = self.peer(Registrar, "alice")
        desktop.know([("Ben Okafor", "sip:ben@127.0.0.1")])
        accounts = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(accounts, "[Account Work]\nAddress=sip:alice@127.0.0.1\n"
                                f"Server={self.registrar.server}\nUser=alice\nMedia=web\n")
        self.window = self.phone()
        self.window.wait_for("Dial")
        self.assertEqual(self.window.run("--provision", accounts).returncode, 0)
        self.registrar.take_registration()
        self.window.wait_text("Ready")

    def watch(self):
        subscribe, dialog = self.registrar.take_watcher()
        self.assertIn("sip:ben@127.0.0.1", subscribe.start)
        self.assertEqual(subscribe.get("Event"), "dialog")
        return dialog

    def test_told(self):
        dialog = self.watch()
        self.registrar.tell_calls(dialog, 0)
        self.window.wait_text("Free · ben@127.0.0.1")
        self.registrar.tell_calls(dialog, 1, "early")
        self.window.wait_text("Ringing · ben@127.0.0.1")
        self.registrar.tell_calls(dialog, 2, "confirmed")
        self.window.wait_text("In a call · ben@127.0.0.1")
        self.window.choose("More about Ben Okafor", "Remove from Favourites")
        end = self.registrar.wait_request("SUBSCRIBE")
        self.assertEqual(end.get("Expires"), "0")
        self.window.press_tab("Contacts")
        self.window.wait_for("Call Ben Okafor")
        self.window.wait_text_gone("In a call ·")

    def test_account_removed(self):
        """Nobody is left to ask by."""
        self.registrar.tell_calls(self.watch(), 0)
        self.window.wait_text("Free · ben@127.0.0.1")
        self.window.choose("Account menu", "Remove Account")
        self.window.press("_Remove Remove")
        self.registrar.answer(self.registrar.wait_request("SUBSCRIBE"), 200, "OK")
        self.window.wait_text_gone("Free ·")
        self.window.wait_for("Call Ben Okafor")

    def test_refused(self):
        """Who does not say it is not shown as free."""
        subscribe = self.registrar.wait_request("SUBSCRIBE")
        self.registrar.answer(subscribe, 489, "Bad Event")
        self.window.wait_for("Call Ben Okafor")
        self.assertIsNone(self.window.find("Free ·", part=True))

    def test_busy_is_not_sent_anybody(self):
        dialog = self.watch()
        self.registrar.tell_calls(dialog, 0, "confirmed")
        self.window.wait_text("In a call · ben@127.0.0.1")
        self.window.dial("anna")
        self.registrar.answer_offer(self.registrar.wait_request("INVITE"))
        self.registrar.wait_request("ACK")
        self.window.press("Transfer")
        self.window.type_into("Dial", "ben@127.0.0.1")
        self.window.wait_text("Ben Okafor is in another call")
        self.window.key("ctrl+Return")
        self.window.wait_text("anna is still here.")
        self.window.press("Ask first")
        self.registrar.agree(self.registrar.wait_request("INVITE"))
        self.assertIn("sip:ben@", self.registrar.wait_request("INVITE").start)


if __name__ == "__main__":
    unittest.main(verbosity=2)
