"""The window round the calls: its strip, its report, its keys."""

import contextlib
import os
import re
import socket
import unittest

import desktop
from desktop import wait
from peer import Peer, Registrar

ACCOUNT = "[Account Work]\nAddress=sip:alice@127.0.0.1\nServer={server}\nUser=alice\n"


class Window(desktop.Case):
    def strip(self, phone):
        """What the strip says."""
        return [node.name for node in phone.screen.walk()
                if node.role in ("notification", "alert") and node.name]

    def add_account(self, phone, server):
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, ACCOUNT.format(server=server))
        self.assertEqual(phone.run("--provision", path).returncode, 0)

    def unused_server(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            return f"sip:127.0.0.1:{silent.getsockname()[1]};transport=tcp"

    def test_pane_and_push_to_talk(self):
        phone, anna = self.start_call()
        phone.key("ctrl+m")
        phone.wait_for("Unmute")
        phone.key("ctrl+l", "F6")
        phone.point("keydown", "space")
        phone.wait_for("Mute")
        phone.point("keyup", "space")
        phone.wait_for("Unmute")
        phone.key("F6", "7")
        wait(lambda: phone.entry_text() == "7", "the focus in the entry")

    def test_media_wait_for_somebody(self):
        """GStreamer takes time and memory that a phone in the background does not need."""
        def is_loaded():
            with open(f"/proc/{phone.process.pid}/maps", encoding="utf-8") as maps:
                return "libgstreamer" in maps.read()

        phone = self.phone()
        phone.wait_for("Echo test")
        self.assertFalse(is_loaded())
        phone.point("mousemove", *phone.center("Echo test"))
        wait(is_loaded, "what a call needs")

    def test_strip_says_the_worst(self):
        phone = self.phone()
        phone.wait_for("Dial")
        self.assertEqual(self.strip(phone), [])
        self.add_account(phone, self.unused_server())
        phone.wait_text("Work: 127.0.0.1 doesn’t answer.")
        self.assertEqual(len(self.strip(phone)), 1)
        self.assertIsNone(phone.find("Close the message"))

    def test_nothing_to_speak_into(self):
        phone = self.phone(PULSE_SERVER="unix:/nonexistent")
        phone.press("Echo test")
        phone.wait_text("No microphone and no speaker. Nobody can hear anything.")
        phone.press("End call")
        wait(lambda: self.strip(phone) == [phone.wait_text("Call ended")], "the strip to go")

    @unittest.skipUnless("PULSE_SERVER" in os.environ, "no server of sound")
    def test_something_to_speak_into(self):
        phone = self.phone()
        phone.press("Echo test")
        phone.wait_text("Encrypted sound")
        phone.wait_text("Good sound")
        self.assertEqual(self.strip(phone), ["In a call"])

    def test_strip_is_closed(self):
        desktop.write(os.path.join(os.environ["XDG_DATA_HOME"], "ahoy/history.db"), "none" * 999)
        phone = self.phone()
        phone.wait_text("A file was damaged.")
        phone.press("Close the message")
        wait(lambda: not self.strip(phone), "the strip to go")

    def test_report_tells_no_secret(self):
        phone = self.phone()
        phone.wait_for("Dial")
        self.add_account(phone, self.unused_server())
        phone.wait_text("Work: 127.0.0.1")
        phone.activate("about")
        phone.tap("Troubleshooting")
        phone.tap("Debugging Information")
        report = wait(lambda: self.report(phone), "the report")
        for words in ("Ahoy 0.1", "GTK 4.", "sip transport=tcp, media auto, failed", "webrtcbin"):
            self.assertIn(words, report)
        self.assertNotIn("alice", report)
        self.assertNotIn("Work", report)

    def test_settings(self):
        """What is chosen there holds from the next call on, and for the next start."""
        desktop.write(os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0/settings/keyfile"),
                      "[io/github/ahoyphone/Ahoy]\nrtp-port-min=uint32 20000\n"
                      "rtp-port-max=uint32 20099\n")
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.wait_for("Dial")
        phone.key("ctrl+comma")
        phone.wait_text("Without an account")
        self.add_account(phone, self.unused_server())
        phone.wait_text("Work")
        phone.press_tab("Calls")
        spin = wait(lambda: phone.find("First port", roles=("spin button",)), "the first port")
        self.assertEqual(spin.get_value(), 20000)
        spin.set_value(20050)
        phone.key("Escape")
        phone.wait_gone("First port")
        phone.dial(anna.uri)
        anna.answer(anna.wait_request("INVITE"), 488, "Not Acceptable Here")
        offer = anna.wait_request("INVITE").body
        self.assertIn(int(re.search(r"m=audio (\d+)", offer)[1]), range(20050, 20100))

    def test_shortcuts(self):
        phone = self.phone()
        phone.wait_for("Dial")
        with contextlib.suppress(Exception):  # a window that is not there, and none is hidden
            phone.screen.get_window(1)
        phone.key("ctrl+question")
        phone.wait_text("Type whom to call")
        phone.key("Escape")
        wait(lambda: phone.screen.count_windows() == 1, "the shortcuts to close")

    def test_read_while_it_ends(self):
        """A screen reader asks for the window of a phone that still waits for its server."""
        registrar = self.peer(Registrar, "alice")
        phone = self.phone()
        phone.wait_for("Dial")
        self.add_account(phone, registrar.server)
        registrar.take_registration()
        phone.wait_text("Ready")
        phone.process.terminate()
        registrar.wait_request("REGISTER")
        with contextlib.suppress(Exception):  # it has none to show
            phone.screen.get_window(0)
        phone.close()

    def report(self, phone):
        for node in phone.screen.walk():
            if node.role == "text":
                text = node.get_text()
                if "libadwaita" in text:
                    return text
        return None


if __name__ == "__main__":
    unittest.main(verbosity=2)
