"""What assistive technology reads of a program.

A window has hundreds of things, and a question about one of them goes to the program and back: so
what each of them is comes in one piece, and what is in it is asked for all at once.
"""

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, Gio, GLib  # noqa: E402

ROOT = "/org/a11y/atspi/accessible/root"
NOT_THERE = (Gio.DBusError.SERVICE_UNKNOWN, Gio.DBusError.UNKNOWN_METHOD)


def connect():
    """To the bus on which programs tell what is on the screen."""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address, = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress",
                                 None, None, Gio.DBusCallFlags.NONE, -1).unpack()
    return Gio.DBusConnection.new_for_address_sync(
        address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT |
        Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION)


class Thing:
    """A button, a label or what else there is, as it was when the window was read."""

    def __init__(self, program, item):
        (_, self.path), _, _, _, self.n_children, interfaces, self.name, role, _, (low, high) = item
        self.program = program
        self.role = Atspi.role_get_name(Atspi.Role(role))
        self.states = low | high << 32
        self.interfaces = interfaces
        self.children = []  # those that are visible

    def _has(self, state):
        return bool(self.states >> int(state) & 1)

    @property
    def is_visible(self):
        return self._has(Atspi.StateType.VISIBLE)

    @property
    def is_sensitive(self):
        return self._has(Atspi.StateType.SENSITIVE)

    @property
    def is_selected(self):
        return self._has(Atspi.StateType.SELECTED)

    def can_act(self):
        return ("org.a11y.atspi.Action" in self.interfaces and
                self.program.get(self.path, "Action", "NActions") > 0)

    def act(self):
        self.program.call(self.path, "Action", "DoAction", "(i)", 0)

    def get_text(self):
        length = self.program.get(self.path, "Text", "CharacterCount")
        return self.program.call(self.path, "Text", "GetText", "(ii)", 0, length)

    def set_text(self, text):
        self.program.call(self.path, "EditableText", "SetTextContents", "(s)", text)

    def get_value(self):
        return self.program.get(self.path, "Value", "CurrentValue")

    def set_value(self, value):
        self.program.set(self.path, "Value", "CurrentValue", GLib.Variant("d", value))

    def get_box(self):
        """Left, top, width and height in its window."""
        return self.program.call(self.path, "Component", "GetExtents", "(u)",
                                 int(Atspi.CoordType.WINDOW))


class Program:
    def __init__(self, process):
        self.process = process
        self.bus = connect()
        self.name = None

    def _ask(self, name, path, interface, method, signature, *values):
        result = self.bus.call_sync(name, path, interface, method, GLib.Variant(signature, values),
                                    None, Gio.DBusCallFlags.NONE, -1).unpack()
        return result[0] if result else None

    def call(self, path, interface, method, signature="()", *values):
        return self._ask(self.name, path, "org.a11y.atspi." + interface, method, signature, *values)

    def get(self, path, interface, name):
        return self._ask(self.name, path, "org.freedesktop.DBus.Properties", "Get", "(ss)",
                         "org.a11y.atspi." + interface, name)

    def set(self, path, interface, name, value):
        self._ask(self.name, path, "org.freedesktop.DBus.Properties", "Set", "(ssv)",
                  "org.a11y.atspi." + interface, name, value)

    def _find_name(self):
        """On the bus, once it has told the others of itself."""
        bus = "org.freedesktop.DBus"
        for name, _ in self._ask("org.a11y.atspi.Registry", ROOT, "org.a11y.atspi.Accessible",
                                 "GetChildren", "()"):
            if self._ask(bus, "/", bus, "GetConnectionUnixProcessID", "(s)", name) == self.process:
                return name
        return None

    def count_windows(self):
        return self.get(ROOT, "Accessible", "ChildCount")

    def get_window(self, index):
        """Its path."""
        return self.call(ROOT, "Accessible", "GetChildAtIndex", "(i)", index)[1]

    def _read_things(self):
        """All that somebody asked for once, some of them not on the screen any more."""
        items = self.call("/org/a11y/atspi/cache", "Cache", "GetItems")
        return {thing.path: thing for thing in (Thing(self, item) for item in items)}

    def _read_children(self, paths):
        children = {}

        def on_told(bus, result, path):
            try:
                children[path] = [child for _, child in bus.call_finish(result).unpack()[0]]
            except GLib.Error:  # it went meanwhile
                children[path] = []
        for path in paths:
            self.bus.call(self.name, path, "org.a11y.atspi.Accessible", "GetChildren", None, None,
                          Gio.DBusCallFlags.NONE, -1, None, on_told, path)
        while len(children) < len(paths):
            GLib.MainContext.default().iteration(True)
        return children

    def _read(self):
        windows = [self.get_window(index) for index in range(self.count_windows())]
        things, children, level = self._read_things(), {}, windows
        while level:
            told = self._read_children({path for path in level if path not in things or
                                        things[path].is_visible and things[path].n_children})
            children.update(told)
            level = set().union(*told.values()) - children.keys()  # what moves is told of twice
        if not children.keys() <= things.keys():
            things = self._read_things()
        for path in children.keys() & things.keys():
            things[path].children = [things[child] for child in children[path]
                                     if child in things and things[child].is_visible]
        return [things[path] for path in windows if path in things and things[path].is_visible]

    def read(self):
        """Its windows, and in them all that is visible; none while it is not there."""
        try:
            self.name = self.name or self._find_name()
            return self._read() if self.name else []
        except GLib.Error as error:
            if not any(error.matches(Gio.DBusError.quark(), code) for code in NOT_THERE):
                raise
            self.name = None
            return []

    def walk(self, things=None):
        """Those, or all, and what is in them, each before what is in it; the last window first."""
        stack = self.read() if things is None else list(things)
        while stack:
            thing = stack.pop()
            yield thing
            stack.extend(reversed(thing.children))
