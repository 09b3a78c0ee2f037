"""People: added from a call, named when they call, favoured, removed and brought back."""

import unittest

import desktop
from desktop import wait
from peer import Peer


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


if __name__ == "__main__":
    unittest.main(verbosity=2)
