"""Accounts: from a file and by the form; wrong in each place where one can be wrong."""

import os
import socket
import ssl
import subprocess
import threading
import time
import unittest

import desktop
from desktop import wait
from peer import Registrar

ACCOUNT = "[Account Work]\nAddress=sip:alice@127.0.0.1\nServer={server}\nUser=alice\n"
PASSWORD = "correct horse battery staple"


def write(text):
    path = os.path.join(os.environ["HOME"], "accounts")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def provision(path):
    """The program as a person starts it in a terminal where no phone runs."""
    program = os.path.join(os.environ["AHOY_TEST_BUILD"], "app", "ahoy")
    environment = dict(os.environ)
    environment.pop("DISPLAY", None)
    return subprocess.run([program, "--provision", path], env=environment, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=desktop.TIME_LIMIT)


class Provision(desktop.Case):
    def test_without_a_display(self):
        registrar = self.peer(Registrar, "alice")
        done = provision(write(ACCOUNT.format(server=registrar.server)))
        self.assertEqual(done.returncode, 0, done.stdout)
        phone = self.phone()
        registrar.take_registration()
        phone.wait_text("Ready")
        phone.wait_text("Work")

    def test_wrong_line(self):
        path = write(ACCOUNT.format(server="http://example.org"))
        done = provision(path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{path}:3: ", done.stdout)

    def test_wrong_line_while_the_phone_runs(self):
        phone = self.phone()
        phone.wait_for("Dial")
        path = write("[Account Work]\nAddress=alice\n")
        done = phone.run("--provision", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{path}:2: ", done.stdout)
        self.assertIsNone(phone.find("Work"))

    def test_no_file(self):
        done = provision("/nonexistent/accounts")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nonexistent/accounts", done.stdout)

    def test_password_is_nowhere(self):
        registrar = self.peer(Registrar, "alice", PASSWORD)
        phone = self.phone(G_MESSAGES_DEBUG="all")
        phone.wait_for("Dial")
        path = write(ACCOUNT.format(server=registrar.server) + f"Password={PASSWORD}\n")
        done = phone.run("--provision", path)
        os.unlink(path)
        self.assertEqual(done.returncode, 0, done.stdout)
        registrar.take_registration()
        phone.wait_text("Ready")
        phone.wait_text("There is no keyring here.")
        with open(phone.log.name, encoding="utf-8", errors="replace") as file:
            self.assertNotIn(PASSWORD, file.read())
        found = subprocess.run(["grep", "-rl", PASSWORD, os.environ["HOME"]], check=False,
                               stdout=subprocess.PIPE, text=True)
        self.assertEqual(found.stdout, "")


class Sleep(desktop.Case):
    MANAGER = "org.freedesktop.login1.Manager"

    def test_woke(self):
        import dbus
        import dbus.service
        bus = dbus.SessionBus(private=True)
        name = dbus.service.BusName("org.freedesktop.login1", bus)
        registrar = self.peer(Registrar, "alice")
        provision(write(ACCOUNT.format(server=registrar.server)))
        phone = self.phone(DBUS_SYSTEM_BUS_ADDRESS=os.environ["DBUS_SESSION_BUS_ADDRESS"])
        first = registrar.take_registration()
        self.assertIn("+sip.instance=\"<urn:uuid:", first.get("Contact"))
        phone.wait_text("Ready")

        def say(begins):
            message = dbus.lowlevel.SignalMessage("/org/freedesktop/login1", self.MANAGER,
                                                  "PrepareForSleep")
            message.append(begins, signature="b")
            bus.send_message(message)
            bus.flush()
        def number_of(register):
            return int(register.get("CSeq").split()[0])
        say(True)
        say(False)
        again = first
        while number_of(again) == number_of(first):  # what was late may have come twice
            again = registrar.take_registration()
        self.assertEqual(number_of(again), number_of(first) + 1)
        self.assertEqual(first.get("Contact"), again.get("Contact"))
        phone.wait_text("Ready")
        del name
        bus.close()


class Quit(desktop.Case):
    def test_server_says_no_good_bye(self):
        registrar = self.peer(Registrar, "alice")
        provision(write(ACCOUNT.format(server=registrar.server)))
        phone = self.phone()
        registrar.take_registration()
        phone.wait_text("Ready")
        phone.key("ctrl+q")
        registrar.wait(lambda m: m.method == "REGISTER" and "expires=0" in m.get("Contact"))
        begin = time.monotonic()
        phone.wait_end()
        self.assertLess(time.monotonic() - begin, 2 + 8)  # two, on a machine that is slow


class SecureRegistrar:
    """A registrar behind TLS whose certificate nobody vouches for; it takes all that signs in."""

    def __init__(self, name):
        path = os.path.join(os.environ["HOME"], name)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                        "-keyout", path + ".key", "-out", path + ".pem"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.load(path)
        self.told = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.server = f"sip:127.0.0.1:{self.socket.getsockname()[1]};transport=tls"
        threading.Thread(target=self.serve, daemon=True).start()

    def load(self, path):
        self.context.load_cert_chain(path + ".pem", path + ".key")

    def serve(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as stream:
                while text := stream.recv(65536).decode():
                    self.told += 1
                    if not text.startswith("REGISTER "):
                        continue
                    kept = [line for line in text.split("\r\n")
                            if line.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq",
                                                      "Contact")]
                    stream.sendall("\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "",
                                                ""]).encode())
        except OSError:
            pass  # who does not trust us leaves

    def close(self):
        self.socket.close()


class Certificate(desktop.Case):
    # GTK tells the name of such a button twice, once with its mnemonic.
    REFUSE = "_Don’t Connect Don’t Connect"
    TRUST = "_Trust This Certificate Trust This Certificate"

    def start(self, name):
        registrar = SecureRegistrar(name)
        self.addCleanup(registrar.close)
        provision(write(ACCOUNT.format(server=registrar.server)))
        return registrar

    def test_trusted_by_its_person(self):
        registrar = self.start("first")
        phone = self.phone()
        phone.wait_text("The identity of 127.0.0.1 can’t be confirmed.")
        phone.wait_text("Next try in ")
        self.assertEqual(registrar.told, 0)
        phone.press("Certificate…")
        phone.wait_text("Fingerprint: ")
        phone.wait_text("CN=first")
        phone.press(self.REFUSE)
        phone.wait_gone(self.REFUSE)
        self.assertEqual(registrar.told, 0)
        phone.press("Certificate…")
        phone.press(self.TRUST)
        phone.wait_text("Ready")
        wait(lambda: phone.find_button("Certificate…") is None, "nothing to be asked any more")
        phone.close()

        # It is remembered, and no other one takes its place.
        phone = self.phone()
        phone.wait_text("Ready")
        other = SecureRegistrar("second")
        self.addCleanup(other.close)
        registrar.load(os.path.join(os.environ["HOME"], "second"))
        told = registrar.told
        phone.close()
        phone = self.phone()
        phone.wait_text("another certificate than the one you trust")
        self.assertEqual(registrar.told, told + 1)  # who left had signed out
        phone.press("Certificate…")
        phone.wait_text("Somebody may be trying to read your calls.")
        phone.press(self.REFUSE)


class Form(desktop.Case):
    def fill(self, phone, server, password="", relay=""):
        phone.press("Add account")
        phone.wait_for("Sign in")
        entries = wait(lambda: self.entries(phone), "the fields of the form")
        for entry, text in zip(entries, ("alice@127.0.0.1", password)):
            entry.set_text(text)
        entries = wait(lambda: self.entries(phone, 9), "more fields of the form")
        entries[6].set_text(relay)
        entries[2].set_text("Work")
        entries[3].set_text(server)
        phone.press("Sign in")

    @staticmethod
    def entries(phone, least=2):
        found = [node for node in phone.screen.walk()
                 if node.role in ("text", "password text", "entry")
                 and node.name != "Dial"]
        return found if len(found) >= least else None

    def test_sign_in(self):
        registrar = self.peer(Registrar, "alice", PASSWORD)
        phone = self.phone()
        self.fill(phone, registrar.server, PASSWORD)
        registrar.take_registration()
        phone.wait_gone("Sign in")
        phone.wait_text("Ready")

    def test_wrong_password(self):
        registrar = self.peer(Registrar, "alice", PASSWORD)
        phone = self.phone()
        self.fill(phone, registrar.server, "wrong")
        challenge = 'WWW-Authenticate: Digest realm="test", nonce="n0", algorithm=MD5'
        registrar.answer(registrar.wait_request("REGISTER"), 401, "Unauthorized", challenge)
        registrar.answer(registrar.wait_request("REGISTER"), 401, "Unauthorized", challenge)
        phone.wait_text("Wrong user name or password for Work.")
        phone.press("Cancel")
        phone.wait_gone("Sign in")
        wait(lambda: phone.find("Work") is None, "the account to be forgotten")

    def test_wrong_password_without_a_window(self):
        """The desktop tells it then, until a window does."""
        registrar = self.peer(Registrar, "alice", PASSWORD)
        phone = self.phone()
        phone.wait_for("Dial")
        path = write(ACCOUNT.format(server=registrar.server) + "Password=wrong\n")
        self.assertEqual(phone.run("--provision", path).returncode, 0)
        challenge = 'WWW-Authenticate: Digest realm="test", nonce="n0", algorithm=MD5'
        registrar.answer(registrar.wait_request("REGISTER"), 401, "Unauthorized", challenge)
        registrar.answer(registrar.wait_request("REGISTER"), 401, "Unauthorized", challenge)
        phone.wait_text("Wrong user name or password for Work.")
        self.assertEqual(self.notifications.calls("Notify"), [])
        phone.key("ctrl+w")
        number, buttons, hints, body = self.notifications.wait_shown("Work", "Not now")
        self.assertEqual(body, "Wrong user name or password for Work.")
        self.notifications.press(number, buttons["Open"])
        phone.wait_for("Sign in")
        self.notifications.wait_withdrawn(number)

    def test_server_that_is_not_there(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            port = silent.getsockname()[1]
        phone = self.phone()
        self.fill(phone, f"sip:127.0.0.1:{port};transport=tcp")
        phone.wait_text("127.0.0.1 doesn’t answer.")
        phone.press("Cancel")

    def test_wrong_server(self):
        phone = self.phone()
        self.fill(phone, "http://example.org")
        phone.wait_text("This is not a server such as")
        phone.press("Cancel")
        phone.wait_gone("Sign in")


    def test_wrong_relay(self):
        phone = self.phone()
        self.fill(phone, "sip:127.0.0.1", relay="turns:example.org")
        phone.wait_text("This is not a relay such as")
        phone.press("Cancel")
        phone.wait_gone("Sign in")


class Relay(desktop.Case):
    """One that refuses: nobody listens there."""

    SENTENCE = "The relay of alice@127.0.0.1 can’t be used."

    def start(self, more=""):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            relay = f"turn:127.0.0.1:{silent.getsockname()[1]}"
        registrar = self.peer(Registrar, "alice")
        provision(write(ACCOUNT.format(server=registrar.server) + "Media=web\n" +
                        f"TurnServer={relay}\nTurnUser=alice\nTurnPassword=wrong\n{more}"))
        phone = self.phone()
        registrar.take_registration()
        phone.wait_text("Ready")
        phone.dial("123")
        return registrar, phone

    def test_call_goes_on_without_it(self):
        registrar, phone = self.start()
        registrar.answer_offer(registrar.wait_request("INVITE"))
        phone.wait_text(self.SENTENCE)
        phone.press("Edit Account Edit Account")  # as GTK tells the name of a toast's button
        phone.wait_for("Sign in")
        phone.press("Cancel")
        phone.wait_text("In a call")

    def test_call_may_not_go_on(self):
        registrar, phone = self.start("RelayOnly=true\n")
        phone.wait_text(self.SENTENCE)
        phone.press("Dismiss")
        self.assertFalse(registrar.has_received("INVITE"))


class Several(desktop.Case):
    """Two accounts: which one calls is seen, chosen and remembered."""

    def setUp(self):
        super().setUp()
        self.work, self.home = self.peer(Registrar, "alice"), self.peer(Registrar, "alice")
        self.window = self.phone()
        self.window.wait_for("Dial")
        path = write(ACCOUNT.format(server=self.work.server) + "Media=web\n" +
                     ACCOUNT.replace("Work", "Home").format(server=self.home.server) +
                     "Media=web\n")
        self.assertEqual(self.window.run("--provision", path).returncode, 0)
        for registrar in (self.work, self.home):
            self.register = registrar.take_registration()
        wait(lambda: sum(node.name == "Ready" and node.role == "label"
                         for node in self.window.screen.walk()) == 2, "both accounts")

    def refuse(self, registrar):
        invite = registrar.wait_request("INVITE")
        registrar.answer(invite, 486, "Busy Here")
        self.window.press("Dismiss")

    def test_chosen_and_remembered(self):
        self.window.type_into("Dial", "123")
        self.window.wait_for("Call by Work")
        self.window.choose("Call by Work", "Home")
        self.window.wait_for("Call by Home")
        self.window.press("Call")
        self.refuse(self.home)
        self.window.press_tab("Recent")
        self.window.wait_text("Home")
        self.window.type_into("Dial", "123")
        self.window.wait_for("Call by Home")
        self.window.type_into("Dial", "124")
        self.window.wait_for("Call by Work")
        self.window.type_into("Dial", "12")
        self.window.wait_for("Call 123")
        self.window.key("alt+1")
        self.refuse(self.home)

    def test_reached_by_keys(self):
        self.window.key("ctrl+l", "1", "2", "3")
        self.window.wait_for("Call by Work")
        self.window.key("Tab", "space")
        self.window.wait_for("The one that suits", roles=("menu item", "radio menu item"))
        self.window.key("Down", "Down", "Return")
        self.window.wait_for("Call by Home")

    def test_called(self):
        dialog = self.home.invite(self.register.contact_uri, self.register.sender,
                                  "sip:alice@127.0.0.1")
        _, _, _, body = self.notifications.wait_shown("alice")
        self.assertIn("Home", body)
        self.home.cancel(dialog)


if __name__ == "__main__":
    unittest.main(verbosity=2)
