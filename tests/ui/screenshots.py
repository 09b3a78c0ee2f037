"""Takes the pictures of data/screenshots again.

    tests/ui/desktop.py _build tests/ui/screenshots.py [FOLDER]
"""

import os
import re
import sys

import desktop
from peer import Peer, Registrar

FOLDER = os.path.join(desktop.SOURCE, "data", "screenshots")
ACCOUNT = "[Account Work]\nAddress=sip:alice@127.0.0.1\nServer={server}\nUser=alice\nMedia=web\n"


class Studio:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def start(self, width, height, **environment):
        desktop.forget()
        desktop.set_window_size(width, height)
        phone = desktop.Phone(**environment)
        phone.wait_for("Dial")
        return phone

    def take(self, phone, name):
        phone.picture(os.path.join(self.folder, name + ".png"))

    def sign_in(self, phone, name="Anna Lindqvist"):
        registrar = Registrar("anna", display_name=name)
        path = os.path.join(os.environ["HOME"], "accounts")
        desktop.write(path, ACCOUNT.format(server=registrar.server))
        phone.run("--provision", path)
        register = registrar.take_registration()
        phone.wait_text("Ready")
        return registrar, register

    def ring(self, phone):
        registrar, register = self.sign_in(phone)
        dialog = registrar.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        phone.wait_for("Answer")
        return registrar, dialog

    def welcome(self, name, width, height, **environment):
        phone = self.start(width, height, **environment)
        self.take(phone, name)
        phone.close()

    def incoming(self, name, width, height, **environment):
        phone = self.start(width, height, **environment)
        registrar, _ = self.ring(phone)
        self.take(phone, name)
        phone.press("Decline")
        phone.close()
        registrar.close()

    def call(self, name, width, height, **environment):
        """The self-test has sound without a microphone, and takes its own picture."""
        desktop.set_window_size(width, height)
        path = os.path.join(self.folder, name + ".png")
        desktop.Phone("--self-test", "--screenshot", path, **environment).wait_end()

    def two_calls(self, name, width, height, **environment):
        """A call with somebody, one that waits, and somebody who calls."""
        phone = self.start(width, height, **environment)
        ben = Peer("ben")
        phone.dial(ben.uri)
        invite = ben.wait_request("INVITE")
        ben.answer_offer(invite)
        ben.wait_request("ACK")
        anna = Peer("anna")
        phone.dial(anna.uri)
        ben.answer_offer(ben.wait_request("INVITE"))
        ben.wait_request("ACK")
        anna.answer_offer(anna.wait_request("INVITE"))
        anna.wait_request("ACK")
        phone.wait_text("In a call")
        clara = Peer("clara", "Clara Weiß")
        contact = re.search(r"@([^:;>]+):(\d+)", invite.contact_uri)
        clara.invite(invite.contact_uri, (contact[1], int(contact[2])))
        phone.wait_for("Hold & answer")
        self.take(phone, name)
        phone.press("Decline")
        phone.close()
        for peer in (anna, ben, clara):
            peer.close()

    def dragged(self, name, width, height, **environment):
        """Somebody of the list is held over a call."""
        phone = self.start(width, height, **environment)
        people = [Peer(user) for user in ("anna", "ben", "clara", "diego")]
        phone.press_tab("Recent")
        for peer in people[1:]:
            phone.dial(peer.uri)
            peer.answer(peer.wait_request("INVITE"), 486, "Busy Here")
            phone.press("Dismiss")
        phone.dial(people[0].uri)
        people[0].answer_offer(people[0].wait_request("INVITE"))
        people[0].wait_request("ACK")
        phone.wait_text("In a call")
        phone.hold_over(phone.center("Busy ·", part=True), phone.center("Mute"),
                        lambda: phone.center("Ask first"))
        self.take(phone, name)
        phone.point("mouseup", 1)
        phone.close()
        for peer in people:
            peer.close()

    def keypad(self, name, width, height, **environment):
        phone = self.start(width, height, **environment)
        phone.press("Echo test")
        phone.wait_text("00:01")
        phone.press("Keypad")
        phone.press("4")
        phone.press("2")
        phone.wait_text("42")
        self.take(phone, name)
        phone.press("End call")
        phone.wait_text("Call ended")
        phone.close()

    def busy(self, name, width, height, **environment):
        phone = self.start(width, height, **environment)
        ben = Peer("ben")
        phone.dial(ben.uri)
        ben.answer(ben.wait_request("INVITE"), 486, "Busy Here")
        phone.wait_text("ben is in another call.")
        self.take(phone, name)
        phone.close()
        ben.close()


def main(folder):
    studio = Studio(folder)
    notifications = desktop.Notifications()
    dark = {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}
    studio.welcome("welcome", 1080, 700)
    studio.call("call", 1080, 700)
    studio.call("call-dark", 1080, 700, **dark)
    studio.incoming("incoming", 1080, 700)
    studio.two_calls("two-calls", 1080, 700)
    studio.two_calls("two-calls-narrow", 360, 720)
    studio.dragged("dragged", 1080, 700)
    studio.dragged("dragged-dark", 1080, 700, **dark)
    studio.busy("busy", 1080, 700)
    studio.call("call-narrow", 360, 720)
    studio.keypad("keypad-narrow", 360, 720)
    notifications.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else FOLDER)
