"""A desktop of its own for a test: a bus, a screen, a home and a notification daemon.

    desktop.py [--own-network] BUILD test-x.py [names of tests]

starts the test again on a private bus that knows two services, the accessibility bus and the phone,
and under a screen of its own. Inside, a test uses the Phone below: it reads and presses what a
person sees, by the names that assistive technology reads out. Whatever is waited for is polled
until it is there or the time limit is over; nothing sleeps for luck.
"""

import atexit
import functools
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
APPLICATION_ID = "io.github.ahoyphone.Ahoy"
TIME_LIMIT = 60

sys.path.insert(0, os.path.join(SOURCE, "tests", "peers"))

from peer import Peer  # beside the tests

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
SERVICE = "[D-BUS Service]\nName={name}\nExec={command}\n"
A11Y = "/usr/libexec/at-spi-bus-launcher"
SOUND = """load-module module-native-protocol-unix auth-anonymous=1 socket={path}
load-module module-null-sink sink_name=speaker
load-module module-null-sink sink_name=room
set-default-sink speaker
set-default-source room.monitor
"""
MODULES = ["gi", "dbusmock"]
NEEDED = ["xvfb-run", "xdotool", "dbus-run-session", A11Y]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def start_sound(home):
    """A speaker that nobody hears and a microphone in a silent room; returns the server of sound
    and how it is told of, or nothing where there is none."""
    if not shutil.which("pulseaudio"):
        return None, {}
    path = os.path.join(home, "run", "sound")
    write(os.path.join(home, "sound.pa"), SOUND.format(path=path))
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
         "--log-level=error", "-F", os.path.join(home, "sound.pa")],
        env=dict(os.environ, HOME=home, XDG_RUNTIME_DIR=os.path.join(home, "run")))
    wait(lambda: os.path.exists(path), "the server of sound")
    return server, {"PULSE_SERVER": "unix:" + path}


def enter(build, script, names):
    """Runs script again inside; returns its status."""
    missing = [name for name in NEEDED if not shutil.which(name)]
    missing += [name for name in MODULES if not importlib.util.find_spec(name)]
    if missing:
        print("skipped, missing:", *missing)
        return 77
    home = tempfile.mkdtemp(prefix="ahoy-ui-")
    services = os.path.join(home, "services")
    write(os.path.join(home, "bus.conf"), BUS.format(services=services))
    write(os.path.join(services, "org.a11y.Bus.service"),
          SERVICE.format(name="org.a11y.Bus", command=A11Y))
    program = os.path.join(build, "app", "ahoy")
    write(os.path.join(services, APPLICATION_ID + ".service"),
          SERVICE.format(name=APPLICATION_ID, command=program + " --gapplication-service"))
    write(os.path.join(home, ".config", "gtk-4.0", "settings.ini"),
          "[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\n")
    os.makedirs(os.path.join(home, "run"), mode=0o700)
    environment = dict(
        os.environ, HOME=home, XDG_CONFIG_HOME=os.path.join(home, ".config"),
        XDG_CACHE_HOME=os.path.join(home, ".cache"),
        XDG_DATA_HOME=os.path.join(home, ".local", "share"),
        XDG_RUNTIME_DIR=os.path.join(home, "run"), AHOY_TEST_BUILD=build, GSK_RENDERER="cairo",
        GSETTINGS_SCHEMA_DIR=os.path.join(build, "data"), GSETTINGS_BACKEND="keyfile",
        LC_ALL="C.UTF-8", LANGUAGE="C", NO_AT_BRIDGE="0", PYTHONDONTWRITEBYTECODE="1",
        GST_REGISTRY=os.path.join(build, "gst-registry.bin"))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS"):
        environment.pop(name, None)
    sound, told = start_sound(home)
    environment.update(told)
    try:
        return subprocess.run(
            ["dbus-run-session", "--config-file", os.path.join(home, "bus.conf"), "--",
             "xvfb-run", "-a", "-s", "-screen 0 1280x960x24", sys.executable, script, *names],
            env=environment, check=False).returncode
    finally:
        if sound:
            sound.terminate()
            sound.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait(what, describe="", time_limit=TIME_LIMIT):
    """The first true result of what(); it may raise while the thing is not there yet."""
    start = time.monotonic()
    error = None
    while (waited := time.monotonic() - start) < time_limit:
        try:
            result = what()
            if result:
                return result
        except Exception as caught:  # an accessible that went away while it was read
            error = caught
        time.sleep(min(max(0.05, waited / 10), 0.5))  # what takes long is not asked for all the time
    raise AssertionError(f"waited in vain for {describe or what}: {error}")


@functools.cache
def start_notifications():
    """The desktop's daemon of them, one for all cases."""
    import dbusmock
    process, daemon = dbusmock.DBusTestCase.spawn_server_template(
        "notification_daemon", {}, stdout=subprocess.DEVNULL)
    atexit.register(process.wait)
    atexit.register(process.terminate)
    return daemon


class Notifications:
    """The desktop's side of notifications, as a log that can be read and buttons to press."""

    INTERFACE = "org.freedesktop.Notifications"

    def __init__(self):
        self.daemon = start_notifications()
        self.daemon.Reset()
        self.daemon.ClearCalls()

    def calls(self, method):
        return [call[2] for call in self.daemon.GetCalls() if call[1] == method]

    def shown(self):
        """All that were shown: (number, heading, buttons, hints, body)."""
        count = 0
        for args in self.calls("Notify"):
            count += args[1] == 0  # which it replaces
            actions = [str(action) for action in args[5]]
            yield (int(args[1]) or count, str(args[3]), dict(zip(actions[1::2], actions[0::2])),
                   dict(args[6]), str(args[4]))

    def wait_shown(self, text, button=""):
        """One with text in its heading, and that button: (number, buttons, hints, body)."""
        def find():
            for number, heading, buttons, hints, body in self.shown():
                if text in heading and (not button or button in buttons):
                    return number, buttons, hints, body
            return None
        found = wait(find, f"a notification of {text}")
        self._settle()
        return found

    @staticmethod
    def _settle():
        """Until the phone has read the number of what it sent: it answers in the order of asking,
        and can neither withdraw nor be pressed before."""
        import dbus
        bus = dbus.SessionBus()
        if bus.name_has_owner(APPLICATION_ID):
            bus.call_blocking(APPLICATION_ID, "/io/github/ahoyphone/Ahoy", "org.gtk.Actions", "List",
                              "", ())

    def press(self, number, action):
        import dbus
        self.daemon.EmitSignal(self.INTERFACE, "ActionInvoked", "us",
                               dbus.Array([dbus.UInt32(number), action], signature="v"))

    def wait_withdrawn(self, number):
        wait(lambda: any(int(args[0]) == number for args in self.calls("CloseNotification")),
             "the notification to be withdrawn")


class Phone:
    """The program, seen from outside."""

    def __init__(self, *arguments, **environment):
        import accessible  # which needs what is only known to be there inside
        self.build = os.environ["AHOY_TEST_BUILD"]
        self.program = os.path.join(self.build, "app", "ahoy")
        self.environment = {**os.environ, "G_DEBUG": "", **environment}
        self.log = tempfile.NamedTemporaryFile("w+", prefix="ahoy-log-", delete=False)
        self.expected = 0
        self.process = subprocess.Popen([self.program, *arguments], stdout=self.log,
                                        stderr=subprocess.STDOUT, env=self.environment)
        self.screen = accessible.Program(self.process.pid)

    def run(self, *arguments):
        """A second start of the program, to its end."""
        return subprocess.run([self.program, *arguments], env=self.environment, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=TIME_LIMIT)

    def crash(self):
        self.process.kill()
        self.process.wait()
        self.expected = -9

    def wait_end(self):
        """Waits until the program ends by itself; returns what it wrote."""
        self.process.wait(2 * TIME_LIMIT)
        return self.close()

    def close(self):
        """Ends the program, once; returns what it wrote."""
        if self.log.closed:
            return ""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        self.log.close()
        with open(self.log.name, encoding="utf-8", errors="replace") as file:
            text = file.read()
        os.unlink(self.log.name)
        faults = [line for line in text.splitlines() if "CRITICAL" in line]
        if status != self.expected or faults:
            print(text, file=sys.stderr)
            raise AssertionError(f"the phone ended with {status} and {faults}")
        return text

    def find(self, name, part=False, roles=("push button", "toggle button", "button", "text", "entry", "panel",
                                "label", "notification", "grouping", "alert", "list item")):
        for node in self.screen.walk():
            if (node.name == name or part and name in node.name) and node.role in roles:
                return node
        return None

    def wait_for(self, name, **options):
        return wait(lambda: self.find(name, **options), f"“{name}”")

    def wait_gone(self, name):
        wait(lambda: self.find(name) is None, f"“{name}” to go")

    def wait_text(self, part):
        """The text of the first label that shows part."""
        def find():
            for node in self.screen.walk():
                if part in node.name:
                    return node.name
            return None
        return wait(find, f"the words “{part}”")

    def wait_text_gone(self, part):
        wait(lambda: not any(part in node.name for node in self.screen.walk()),
             f"the words “{part}” to go")

    def find_button(self, name):
        node = self.find(name, roles=("push button", "toggle button", "button"))
        return node if node and node.is_sensitive else None

    def press(self, name):
        """A button, or the one inside of a menu's."""
        button = wait(lambda: self.find_button(name), f"“{name}” to be pressed")
        next(node for node in self.screen.walk([button]) if node.can_act()).act()

    def choose(self, name, what):
        """Presses an entry of the menu behind a button."""
        def find():
            return self.find(what, roles=("menu item", "push button", "button"))
        self.press(name)
        wait(find, f"the entry “{what}”").act()
        wait(lambda: not find(), "the menu to close, which takes the next click else")

    def press_tab(self, name):
        """Turns to a page of the list of people; GTK presses a moment after it was asked to."""
        def find():
            return self.find(name, roles=("page tab", "radio button", "toggle button"))
        wait(find, f"the page “{name}”").act()
        wait(lambda: find().is_selected, f"the page “{name}” to be turned to")

    def activate(self, action, target=""):
        """An action of the program, as the desktop activates it."""
        subprocess.run(["gdbus", "call", "--session", "--dest", APPLICATION_ID, "--object-path",
                        "/io/github/ahoyphone/Ahoy", "--method", "org.gtk.Actions.Activate",
                        action, f"[{target}]", "{}"], check=True, stdout=subprocess.DEVNULL)

    def entry_text(self, name="Dial"):
        return self.wait_for(name, roles=("text", "entry")).get_text()

    def type_into(self, name, text):
        entry = self.wait_for(name, roles=("text", "entry"))
        entry.set_text(text)
        wait(lambda: entry.get_text() == text, f"“{text}” in {name}")

    def key(self, *keys):
        subprocess.run(["xdotool", "key", "--clearmodifiers", *keys], check=True)

    def center(self, name, **options):
        """Where something is on the screen and stays; the window stands in its corner."""
        def box():
            return self.find(name, **options).get_box()
        def rest():
            first = box()
            return first == box() and first
        x, y, width, height = wait(rest, f"“{name}” to stand still")
        return x + width // 2, y + height // 2

    def point(self, *words):
        subprocess.run(["xdotool", *[str(word) for word in words]], check=True)

    def tap(self, name, **options):
        self.point("mousemove", *self.center(name, **options), "click", 1)

    def hold_over(self, start, over, end):
        """Takes hold at start, moves to over, and on to where end() says by then."""
        self.point("mousemove", *start, "mousedown", 1)
        at = start
        for goal in (over, None):
            goal = goal or wait(end, "somewhere to drop")
            for step in range(1, 13):
                self.point("mousemove", *(at[i] + (goal[i] - at[i]) * step // 12 for i in (0, 1)))
            at = goal

    def drag(self, start, over, end):
        self.hold_over(start, over, end)
        self.point("mouseup", 1)

    def dial(self, address):
        self.type_into("Dial", address)
        self.press("Call")

    def picture(self, path):
        """With menus and what hangs at the pointer, which are windows of their own."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid",
                                str(self.process.pid)], check=True, stdout=subprocess.PIPE)
        places = [subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], check=True,
                                 stdout=subprocess.PIPE, text=True).stdout
                  for window in found.stdout.decode().split()]
        sizes = [[int(re.search(rf"^{name}=(-?\d+)$", place, re.M)[1])
                  for name in ("WIDTH", "HEIGHT", "X", "Y")] for place in places]
        width, height, left, top = max(sizes)
        subprocess.run(["import", "-window", "root", "-crop", f"{width}x{height}+{left}+{top}",
                        "+repage", path], check=True)


CONTACTS = """CREATE TABLE contact (id TEXT PRIMARY KEY, name TEXT NOT NULL,
 favourite INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE contact_address (contact TEXT NOT NULL, position INTEGER NOT NULL,
 address TEXT NOT NULL, label TEXT NOT NULL, PRIMARY KEY (contact, position)) WITHOUT ROWID;"""


def set_window_size(width, height):
    """What the next phone to start finds in its settings."""
    write(os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0", "settings", "keyfile"),
          f"[io/github/ahoyphone/Ahoy]\nwindow-width={width}\nwindow-height={height}\n")


def forget():
    """Settings and history, for the next phone to start."""
    shutil.rmtree(os.path.join(os.environ["XDG_CONFIG_HOME"], "glib-2.0"), ignore_errors=True)
    shutil.rmtree(os.path.join(os.environ["XDG_DATA_HOME"], "ahoy"), ignore_errors=True)


def know(people):
    """Pairs of a name and an address that the next phone to start has as favourites."""
    path = os.path.join(os.environ["XDG_DATA_HOME"], "ahoy", "contacts.db")
    os.makedirs(os.path.dirname(path))
    with sqlite3.connect(path) as file:
        file.executescript(CONTACTS)
        for number, (name, address) in enumerate(people):
            file.execute("INSERT INTO contact VALUES (?, ?, ?)", (str(number), name, True))
            file.execute("INSERT INTO contact_address VALUES (?, 0, ?, '')", (str(number), address))
    file.close()


class Case(unittest.TestCase):
    """What every test gives back when it ends."""

    def setUp(self):
        forget()
        self.notifications = Notifications()
        self.peers = []

    def phone(self, *arguments, **environment):
        phone = Phone(*arguments, **environment)
        self.addCleanup(phone.close)
        self.addCleanup(self.take_leave)
        return phone

    def take_leave(self):
        for peer in self.peers:
            peer.is_over = True

    def peer(self, kind, *arguments, **options):
        peer = kind(*arguments, **options)
        self.peers.append(peer)
        self.addCleanup(peer.close)
        return peer

    def start_call(self):
        """A phone that is in a call, and the other side."""
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        phone.dial(anna.uri)
        anna.answer_offer(anna.wait_request("INVITE"))
        anna.wait_request("ACK")
        phone.wait_text("In a call")
        return phone, anna


if __name__ == "__main__":
    if "--own-network" in sys.argv:  # with one interface beside loopback, at lab's address
        sys.path.insert(0, os.path.join(SOURCE, "tests", "interop"))
        import lab
        lab.enter_own_network("10.99.0.1")
        sys.argv.remove("--own-network")
    sys.exit(enter(os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), sys.argv[3:]))
