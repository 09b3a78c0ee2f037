"""Somebody calls: while one talks, at a bad moment, or too often."""

import os
import re
import threading
import time
import unittest

import desktop
from desktop import wait
from peer import Peer, Registrar


class Shell:
    """GNOME's side of notifications, which outlive the program that sent them."""

    INTERFACE = """<node><interface name="org.gtk.Notifications">
<method name="AddNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="a{sv}" direction="in"/></method>
<method name="RemoveNotification"><arg type="s" direction="in"/><arg type="s" direction="in"/>
</method></interface></node>"""

    def __init__(self):
        self.shown, self.removed = [], []
        self.is_there = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        self.is_there.wait(desktop.TIME_LIMIT)

    def _serve(self):
        from gi.repository import Gio, GLib
        context = GLib.MainContext()
        context.push_thread_default()
        bus = Gio.DBusConnection.new_for_address_sync(
            os.environ["DBUS_SESSION_BUS_ADDRESS"],
            Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
            Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)
        interface = Gio.DBusNodeInfo.new_for_xml(self.INTERFACE).interfaces[0]
        self.loop = GLib.MainLoop(context)
        bus.register_object("/org/gtk/Notifications", interface, self._on_call, None, None)
        Gio.bus_own_name_on_connection(bus, "org.gtk.Notifications", 0,
                                       lambda *_: self.is_there.set(), None)
        self.loop.run()
        bus.close_sync(None)

    def _on_call(self, bus, sender, path, interface, method, arguments, invocation):
        (self.shown if method == "AddNotification" else self.removed).append(arguments[1])
        invocation.return_value(None)

    def close(self):
        """Whoever comes next is told by another one."""
        self.loop.quit()
        self.thread.join()


class Second(desktop.Case):
    """Ben calls while the phone talks with anna."""

    def ring(self, **environment):
        anna, ben = self.peer(Peer, "anna"), self.peer(Peer, "ben")
        phone = self.phone(**environment)
        phone.dial(anna.uri)
        invite = anna.wait_request("INVITE")
        anna.answer_offer(invite)
        anna.wait_request("ACK")
        phone.wait_text("In a call")
        contact = re.search(r"@([^:;>]+):(\d+)", invite.contact_uri)
        dialog = ben.invite(invite.contact_uri, (contact[1], int(contact[2])))
        ben.wait_response("INVITE", 180)
        return phone, anna, ben, dialog

    def test_end_and_answer(self):
        phone, anna, ben, dialog = self.ring()
        phone.choose("Other answers", "End & answer")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        ben.acknowledge(dialog, ben.wait_response("INVITE", 200))
        phone.wait_text("In a call")

    def test_notification(self):
        phone, anna, ben, dialog = self.ring()
        number, buttons, _, body = self.notifications.wait_shown("ben")
        self.assertIn("also calling", body)
        self.assertLess({"Decline", "Hold & answer"}, set(buttons))
        self.notifications.press(number, buttons["Decline"])
        ben.wait_response("INVITE", 603)

    def log(self, phone):
        with open(phone.log.name, encoding="utf-8") as log:
            return log.read()

    def test_knocks(self):
        phone, anna, ben, dialog = self.ring(G_MESSAGES_DEBUG="app")
        wait(lambda: "tone 2, stroke 8" in self.log(phone), "the fourth knock", 60)
        time.sleep(7)  # longer than between two of them
        # With the first call over, it rings.
        phone.press("End call")
        anna.answer(anna.wait_request("BYE"), 200, "OK")
        wait(lambda: "tone 2 to 1" in self.log(phone), "the ring")
        self.assertNotIn("tone 2, stroke 9", self.log(phone))


class Declined(desktop.Case):
    """Anna calls at a bad moment."""

    def ring(self, headers="", seconds=2):
        desktop.write(os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0/settings/keyfile"),
                      f"[io/github/ahoyphone/Ahoy]\nreminder-seconds=uint32 {seconds}\n")
        phone = self.phone()
        phone.wait_for("Dial")
        anna = self.peer(Registrar, "anna", display_name="Anna")
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, "[Account Work]\nAddress=sip:alice@127.0.0.1\n"
                            f"Server={anna.server}\nUser=alice\nMedia=web\n")
        self.assertEqual(phone.run("--provision", path).returncode, 0)
        register = anna.take_registration()
        dialog = anna.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1", headers)
        phone.wait_for("Answer")
        return phone, anna, dialog

    def test_with_a_message(self):
        phone, anna, _ = self.ring("Allow: INVITE, ACK, BYE, CANCEL, MESSAGE")
        phone.choose("Not now", "Please write to me instead.")
        anna.wait_response("INVITE", 603)
        message = anna.wait_request("MESSAGE")
        self.assertEqual(message.body, "Please write to me instead.")
        anna.answer(message, 405, "Method Not Allowed")
        phone.wait_text("Your message did not arrive.")

    def test_who_takes_no_message_gets_none(self):
        phone, anna, _ = self.ring()
        phone.choose("Not now", "Remind me in 15 minutes")
        anna.wait_response("INVITE", 603)
        self.assertFalse(anna.has_received("MESSAGE"))
        wait(lambda: any("wanted to call back" in str(call[4])
                         for call in self.notifications.calls("Notify")), "the reminder")

    def test_missed_and_reminded(self):
        phone, anna, dialog = self.ring()
        anna.cancel(dialog)
        number, buttons = wait(self.find_missed, "a missed call")
        self.notifications.press(number, buttons["Remind me"])
        self.notifications.wait_withdrawn(number)
        wait(lambda: "wanted to call back" in str(self.notifications.calls("Notify")[-1][4]),
             "the reminder")
        shown = self.notifications.calls("Notify")
        actions = [str(word) for word in shown[-1][5]]
        self.notifications.press(len(shown), actions[actions.index("Call back") - 1])
        invite = anna.wait_request("INVITE")
        anna.answer(invite, 486, "Busy Here")

    def find_missed(self):
        return next(((number, buttons) for number, _, buttons, _, _ in self.notifications.shown()
                     if "Remind me" in buttons), None)

    def test_crash_while_it_rings(self):
        """What is left standing then is taken away at the next start."""
        shell = self.peer(Shell)
        phone, anna, dialog = self.ring()
        wait(lambda: shell.shown, "the notification")
        self.assertTrue(shell.shown[0].startswith("call-"))
        phone.crash()
        self.phone().wait_for("Dial")
        wait(lambda: shell.shown[0] in shell.removed, "the notification to go")

    def test_card_reminds(self):
        phone, anna, dialog = self.ring()
        anna.cancel(dialog)
        anna.wait_response("INVITE", 487)
        phone.press("Remind me")
        phone.wait_gone("Dismiss")
        wait(lambda: any("wanted to call back" in str(call[4])
                         for call in self.notifications.calls("Notify")), "the reminder")

    def test_card_calls_back(self):
        phone, anna, dialog = self.ring()
        anna.cancel(dialog)
        anna.wait_response("INVITE", 487)
        phone.press("Call back")
        self.assertIn(anna.uri, anna.wait_request("INVITE").get("To"))
        phone.wait_for("End call")

    def test_nobody_else_is_named(self):
        """From outside, the phone is not brought to remind of anybody."""
        phone, anna, dialog = self.ring(seconds=0)
        phone.activate("remind", "<'sip:mallory@127.0.0.1'>")
        anna.cancel(dialog)
        wait(self.find_missed, "a missed call")
        self.assertFalse(any("wanted" in str(call[4])
                             for call in self.notifications.calls("Notify")))


if __name__ == "__main__":
    unittest.main(verbosity=2)
