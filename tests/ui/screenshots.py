"""Takes a picture of each screen and state, in each look and size.

    tests/ui/desktop.py _build tests/ui/screenshots.py [FOLDER [STATE...]]

They go into the build folder, to be looked at. The few in data/screenshots are copies of them.
"""

import os
import re
import sqlite3
import subprocess
import sys
import time

import desktop
from desktop import wait
from peer import Peer, Registrar

FOLDER = os.path.join(os.environ.get("AHOY_TEST_BUILD", ""), "screenshots")
SIZES = {"": (1080, 700), "-narrow": (360, 720)}
LOOKS = {"": {}, "-dark": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"},
         "-contrast": {"ADW_DEBUG_HIGH_CONTRAST": "1"}}
ACCOUNT = "[Account {name}]\nAddress=sip:alice@127.0.0.1\nServer={server}\nUser=alice\nMedia=web\n"
PEOPLE = [("anna", "Anna Lindqvist"), ("ben", "Ben Okafor"), ("clara", "Clara Weiß"),
          ("diego", "Diego Fernández"), ("emi", "Emi Sato"), ("fatima", "Fatima Haddad"),
          ("goran", "Goran Petrović")]


def right_to_left():
    """A locale that is written from right to left, and a translation into it that leaves the words
    English: without one the window stays as it is."""
    folder = os.path.join(os.environ["HOME"], "locales")
    catalogue = os.path.join(folder, "he", "LC_MESSAGES", "ahoy.mo")
    os.makedirs(os.path.dirname(catalogue), exist_ok=True)
    subprocess.run(["localedef", "-i", "he_IL", "-f", "UTF-8",
                    os.path.join(folder, "he_IL.UTF-8")], check=False)
    subprocess.run(["msgfmt", "-o", catalogue, "-"], check=True, text=True, input=(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        'msgid "Ahoy"\nmsgstr "Ahoy"\n'))
    return {"LOCPATH": folder, "LC_ALL": "he_IL.UTF-8", "LANGUAGE": "he",
            "AHOY_LOCALEDIR": folder}


class Studio:
    """Each method named after a state brings a phone into it; what it needs is closed later."""

    def __init__(self, width, height, **environment):
        desktop.forget()
        desktop.set_window_size(width, height)
        self.peers = []
        self.size, self.environment = (width, height), environment
        self.know()
        self.phone = desktop.Phone(**environment)
        self.phone.wait_for("Dial")

    def close(self):
        self.phone.process.kill()
        self.phone.process.wait()
        for peer in self.peers:
            peer.close()

    def peer(self, kind, *arguments, **options):
        self.peers.append(kind(*arguments, **options))
        return self.peers[-1]

    def know(self):
        """Some people with a star, before the phone is there."""
        self.people = [self.peer(Peer, user) for user, _ in PEOPLE]
        desktop.know((name, peer.uri) for peer, (_, name) in zip(self.people, PEOPLE))

    def talk(self, peer, waits=None):
        self.phone.dial(peer.uri)
        if waits:
            waits.answer_offer(waits.wait_request("INVITE"))
            waits.wait_request("ACK")
        invite = peer.wait_request("INVITE")
        peer.answer_offer(invite)
        peer.wait_request("ACK")
        self.phone.wait_text("In a call")
        return invite

    def sign_in(self, *names, display_name="Anna Lindqvist"):
        for name in names:
            registrar = self.peer(Registrar, "anna", display_name=display_name)
            path = os.path.join(os.environ["HOME"], "accounts")
            desktop.write(path, ACCOUNT.format(name=name, server=registrar.server))
            self.phone.run("--provision", path)
            register = registrar.take_registration()
        self.phone.wait_text("Ready")
        self.phone.press("Close the message")  # there is no keyring here
        self.phone.wait_gone("Close the message")
        return registrar, register

    def empty(self):
        """Nobody is known, and nobody was called."""
        self.phone.close()
        desktop.forget()
        desktop.set_window_size(*self.size)
        self.phone = desktop.Phone(**self.environment)
        self.phone.wait_for("Dial")

    def welcome(self):
        pass

    def suggestions(self):
        self.phone.type_into("Dial", "an")
        self.phone.wait_for("Suggestions", roles=("list",))

    def accounts(self):
        self.sign_in("Work", "Home")
        self.phone.type_into("Dial", "030 1234")
        self.phone.wait_for("Call by Work")

    def incoming(self):
        registrar, register = self.sign_in("Work")
        registrar.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        self.phone.wait_for("Answer")

    def presence(self):
        registrar, _ = self.sign_in("Work")
        for number, _ in enumerate(PEOPLE):
            _, dialog = registrar.take_watcher()
            registrar.tell_calls(dialog, 0, *(["confirmed"], [], ["early"], [])[number % 4])
        self.phone.wait_text("Ringing ·")

    def call(self):
        self.talk(self.people[0])
        self.phone.wait_text("00:0")

    def echo(self):
        """A call with sound, and what is said of it."""
        self.phone.press("Echo test")
        self.phone.wait_text("Good sound")

    def details(self):
        self.call()
        self.phone.press("Details")
        self.phone.wait_text("Call-ID")

    def keypad(self):
        self.call()
        for key in ("Keypad", "4", "2"):
            self.phone.press(key)
        self.phone.wait_text("42")

    def calls(self):
        """A call with somebody, one that waits, and somebody who calls."""
        anna, ben, clara = self.people[:3]
        invite = self.talk(ben)
        self.talk(anna, waits=ben)
        contact = re.search(r"@([^:;>]+):(\d+)", invite.contact_uri)
        clara.invite(invite.contact_uri, (contact[1], int(contact[2])))
        self.phone.wait_for("Hold & answer")

    def dragged(self):
        """Somebody of the list is held over a call."""
        self.talk(self.people[0])
        self.phone.hold_over(self.phone.center("ben@", part=True), self.phone.center("Mute"),
                             lambda: self.phone.center("Ask first"))

    def picked(self):
        self.talk(self.people[0])
        self.phone.press("Transfer")
        self.phone.type_into("Dial", self.people[1].uri)
        self.phone.wait_for("Send now")

    def asked(self):
        """Anna waits while Ben is asked."""
        anna, ben = self.people[:2]
        self.talk(anna)
        self.phone.press("Transfer")
        self.phone.type_into("Dial", ben.uri)
        self.phone.press("Ask first")
        anna.answer_offer(anna.wait_request("INVITE"))
        anna.wait_request("ACK")
        ben.answer_offer(ben.wait_request("INVITE"))
        ben.wait_request("ACK")
        self.phone.wait_for("Complete transfer")

    def busy(self):
        ben = self.people[1]
        self.phone.dial(ben.uri)
        ben.answer(ben.wait_request("INVITE"), 486, "Busy Here")
        self.phone.wait_text("is in another call.")

    def missed(self):
        path = os.path.join(os.environ["XDG_DATA_HOME"], "ahoy/history.db")
        wait(lambda: os.path.exists(path), "the file of calls")
        self.phone.process.kill()
        self.phone.process.wait()
        with sqlite3.connect(path) as file:
            for number, (peer, (_, name)) in enumerate(zip(self.people * 2, PEOPLE * 2)):
                moment = (time.time() - 4000 * (number + 1)) * 1e6
                file.execute("INSERT INTO call (address, name, outgoing, started, ended, outcome)"
                             " VALUES (?, ?, ?, ?, ?, ?)", (peer.uri, name, number % 3 == 0, moment,
                                                           moment + 60e6, 2 if number % 3 else 6))
        file.close()
        self.phone = desktop.Phone(**self.environment)
        self.phone.press_tab("Recent")
        self.phone.press("Missed")
        self.phone.wait_text_gone("Busy ·")

    def settings(self):
        self.accounts()
        self.phone.activate("settings")
        self.phone.press_tab("Calls")
        self.phone.wait_text("Certain ports")

    def strip(self):
        desktop.write(os.path.join(os.environ["HOME"], "accounts"),
                      ACCOUNT.format(name="Work", server="sip:127.0.0.1:9;transport=tcp"))
        self.phone.run("--provision", os.path.join(os.environ["HOME"], "accounts"))
        self.phone.wait_text("doesn’t answer")


STATES = ["empty", "welcome", "suggestions", "accounts", "incoming", "presence", "call", "echo",
          "details", "keypad", "calls", "dragged", "picked", "asked", "busy", "missed", "settings",
          "strip"]
NOT_NARROW = ["dragged"]  # there is nothing to drag from beside a call


def take(folder, state, suffix, size, look):
    studio = Studio(*size, **look)
    try:
        getattr(studio, state)()
        studio.phone.picture(os.path.join(folder, state + suffix + ".png"))
        studio.phone.point("mouseup", 1)
    except Exception as error:
        print(f"no picture of {state}{suffix}: {error}", file=sys.stderr)
    studio.close()


def main(folder=FOLDER, *states):
    os.makedirs(folder, exist_ok=True)
    notifications = desktop.Notifications()
    looks = {**LOOKS, "-rtl": right_to_left()}
    for state in states or STATES:
        for name, size in SIZES.items():
            for look, environment in looks.items():
                if not (name and state in NOT_NARROW):
                    take(folder, state, look + name, size, environment)


if __name__ == "__main__":
    main(*sys.argv[1:])
