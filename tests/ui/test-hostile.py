"""Words that a stranger chose, in each place where he can put some: shown as text, and no more."""

import os
import re
import unittest

import desktop
from desktop import wait
from peer import Registrar

NAMES = [
    "<b>Mallory</b> <a href='x'>&amp; &lt;",
    "Mal\u202elory \u2066gpj.exe\u2069",
    "Mal\u200blo\ufeffry\u2060",
    "Mallory" + "y" * 3000,
    "Mallory%0d%0aVia: x %s%n",
    "\u0645\u0627\u0644\u0648\u0631\u064a 12",
    "Mallo\u0301\u0302\u0303\u0304\u0305ry\U0001f642",
]
DECEPTIVE = re.compile("[\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2060\u2066\u2067\ufeff]")
LONGEST = 400


class Hostile(desktop.Case):
    def setUp(self):
        super().setUp()
        self.window = self.phone(G_DEBUG="")
        self.window.wait_for("Dial")
        self.registrar = self.peer(Registrar, "mallory")
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, "[Account <b>Work</b>]\nAddress=sip:alice@127.0.0.1\n"
                            f"Server={self.registrar.server}\nUser=alice\nMedia=web\n")
        self.assertEqual(self.window.run("--provision", path).returncode, 0)
        self.register = self.registrar.take_registration()
        self.window.press_tab("Recent")

    def check(self, where):
        """Whatever the window says now is one line, not too long, and turns nothing round."""
        said = [node.name for node in self.window.screen.walk()]
        for text in said:
            self.assertIsNone(DECEPTIVE.search(text), f"{where}: {text!r}")
            self.assertLess(len(text), LONGEST, where)
        return said

    def check_notifications(self):
        for args in self.notifications.calls("Notify"):
            for text in (str(args[3]), str(args[4])):
                self.assertIsNone(DECEPTIVE.search(text), repr(text))
                self.assertLess(len(text), LONGEST)

    def call_in(self, name):
        self.registrar.display_name = name
        dialog = self.registrar.invite(self.register.contact_uri, self.register.sender,
                                       "sip:alice@127.0.0.1")
        self.registrar.wait_response("INVITE", 180)
        self.window.wait_for("Answer")
        return dialog

    def test_caller(self):
        for name in NAMES:
            with self.subTest(name=name[:40]):
                dialog = self.call_in(name)
                said = self.check("card")
                if name.startswith("<b>"):
                    self.assertIn(name, said)
                self.registrar.cancel(dialog)
                self.registrar.wait_response("INVITE", 487)
                self.window.wait_for("Remind me")
                self.check("ended")
                self.window.press("Dismiss")
                self.window.wait_gone("Dismiss")
                self.check("recent")
        self.window.type_into("Dial", "mal")
        self.window.wait_gone("More about Mallory")
        self.check("suggestions")
        self.check_notifications()

    def test_reasons(self):
        for name in NAMES:
            with self.subTest(name=name[:40]):
                self.window.dial("sip:ben@127.0.0.1")
                invite = self.registrar.wait_request("INVITE")
                self.registrar.answer(invite, 486, name.replace("%0d%0a", ""))
                self.window.wait_text("is in another call.")
                self.window.press("Details")
                self.window.wait_text("486 ")
                self.check("details")
                self.window.key("Escape")
                self.window.press("Dismiss")
                self.window.wait_gone("Dismiss")

    def test_transferred(self):
        """The one who is given away, and the one who asks us to call somebody."""
        for name in NAMES:
            with self.subTest(name=name[:40]):
                dialog = self.call_in(name)
                self.window.press("Answer")
                self.registrar.acknowledge(dialog, self.registrar.wait_response("INVITE", 200))
                self.window.wait_for("End call")
                self.window.key("ctrl+t")
                self.window.type_into("Dial", "sip:ben@127.0.0.1")
                self.window.wait_for("Send now")
                self.check("sheet")
                self.window.press("Cancel transfer")
                dialog["cseq"] += 1
                self.registrar.request(
                    "REFER", dialog["uri"], dialog, dialog["peer"],
                    headers=f'Refer-To: "{name}" <sip:x%E2%80%AE%0D%0Ay@127.0.0.1;a=b>')
                self.window.wait_text("wants you to call")
                self.check("question")
                self.window.press("Stay here")
                self.window.press("End call")
                self.registrar.answer(self.registrar.wait_request("BYE"), 200, "OK")
                self.window.press("Dismiss")
                self.window.wait_gone("Dismiss")

    def test_contact(self):
        for name in [*NAMES[:-1], "Mallory" + "y" * 10000]:  # longer than a line of SIP may be
            with self.subTest(name=name[:40]):
                self.add_contact(name)
                self.window.press_tab("Contacts")
                self.check("contacts")
                more = wait(self.find_more, "the row")
                self.window.choose(more, "Remove")
                self.window.wait_text("was removed.")
                self.check("toast")
                wait(lambda: self.find_more() is None, "the row to go")

    def find_more(self):
        return next((node.name for node in self.window.screen.walk()
                     if node.name.startswith("More about")), None)

    def add_contact(self, name):
        self.window.choose("Main menu", "Add Contact…")
        self.window.wait_for("Save")
        self.window.type_into("Name", name)
        self.window.type_into("Number or address", "sip:m@127.0.0.1")
        self.window.press("Save")
        self.window.wait_gone("Save")

    def tearDown(self):
        with open(self.window.log.name, encoding="utf-8", errors="replace") as log:
            warnings = [line for line in log if re.search(r"-(WARNING|CRITICAL) \*\*", line)]
        self.assertEqual(warnings, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
