"""How long the window takes for what a person does, from outside: real keys, a real mouse, real UDP.

    tests/ui/desktop.py BUILD tests/bench/window.py

The mouse is moved and pressed by the X test extension, so that no program is started meanwhile.
"""

import ctypes
import json
import os
import statistics
import sys
import threading
import time

import gi

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "ui"))

import desktop  # noqa: E402
from peer import Peer, Registrar  # noqa: E402

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

ROUNDS = 10
NOTIFICATIONS = """<node><interface name="org.freedesktop.Notifications">
<method name="Notify"><arg direction="in" type="s"/><arg direction="in" type="u"/>
<arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="in" type="s"/>
<arg direction="in" type="as"/><arg direction="in" type="a{sv}"/><arg direction="in" type="i"/>
<arg direction="out" type="u"/></method>
<method name="CloseNotification"><arg direction="in" type="u"/></method>
<method name="GetCapabilities"><arg direction="out" type="as"/></method>
<method name="GetServerInformation"><arg direction="out" type="s"/><arg direction="out" type="s"/>
<arg direction="out" type="s"/><arg direction="out" type="s"/></method>
</interface></node>"""


class Desk:
    """The desktop's side of notifications: notes when one arrives."""

    ANSWERS = {"Notify": ("(u)", (1,)), "GetCapabilities": ("(as)", (["actions"],)),
               "GetServerInformation": ("(ssss)", ("desk", "bench", "1", "1.2"))}

    def __init__(self):
        self.shown = threading.Event()
        self.at = 0.0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        context = GLib.MainContext()
        context.push_thread_default()
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        interface = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS).interfaces[0]
        bus.register_object("/org/freedesktop/Notifications", interface, self._on_call, None, None)
        Gio.bus_own_name_on_connection(bus, "org.freedesktop.Notifications", 0, None, None)
        GLib.MainLoop(context).run()

    def _on_call(self, bus, sender, path, interface, method, arguments, invocation):
        if method == "Notify":
            self.at = time.monotonic()
            self.shown.set()
        answer = self.ANSWERS.get(method)
        invocation.return_value(GLib.Variant(*answer) if answer else None)


class Image(ctypes.Structure):
    """The beginning of an XImage."""

    _fields_ = [(name, ctypes.c_int) for name in ("width", "height", "offset", "format")] + [
        ("data", ctypes.c_void_p)] + [(name, ctypes.c_int) for name in (
            "byte_order", "unit", "bit_order", "pad", "depth", "bytes_per_line")]


class Display:
    """What fingers do, and what eyes see of it, without the time that a tool would take."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.test = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XGetImage.restype = ctypes.POINTER(Image)
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        self.root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))

    def see(self, left, top, width, height):
        """The pixels of a part of the screen."""
        image = self.x11.XGetImage(self.display, self.root, left, top, width, height,
                                   ctypes.c_ulong(-1), 2)
        data = image.contents.data
        pixels = ctypes.string_at(data, image.contents.bytes_per_line * height)
        self.x11.XFree(ctypes.c_void_p(data))
        self.x11.XFree(image)
        return pixels

    def key(self, letter):
        """Returns when it was pressed."""
        code = self.x11.XKeysymToKeycode(self.display, ctypes.c_ulong(ord(letter)))
        now = time.monotonic()
        self.test.XTestFakeKeyEvent(self.display, code, True, 0)
        self.test.XTestFakeKeyEvent(self.display, code, False, 0)
        self.x11.XFlush(self.display)
        return now

    def button(self, is_down):
        """Returns when it was pressed or let go."""
        self.test.XTestFakeButtonEvent(self.display, 1, is_down, 0)
        now = time.monotonic()
        self.x11.XFlush(self.display)
        return now


def tell(what, times):
    print(json.dumps({"what": what, "median": statistics.median(times) * 1000, "n": len(times)}),
          flush=True)


def timed(peer, method):
    """When the next request arrives, which is then waited for."""
    return peer.wait_request(method), time.monotonic()


def key_to_suggestion(phone, screen):
    anna = Peer("anna")
    phone.dial(anna.uri)
    anna.answer(anna.wait_request("INVITE"), 486, "Busy Here")
    phone.press("Dismiss")
    phone.wait_gone("Dismiss")
    x, y = phone.center("Dial")
    below = x - 60, y + 40, 120, 80
    phone.key("ctrl+l")
    empty, times = screen.see(*below), []
    for _ in range(ROUNDS):
        phone.key("ctrl+a", "BackSpace")
        desktop.wait(lambda: screen.see(*below) == empty, "the list below an empty field")
        start = screen.key("a")
        while screen.see(*below) == empty:
            if time.monotonic() > start + desktop.TIME_LIMIT:
                raise AssertionError("no suggestion")
        times.append(time.monotonic() - start)
    tell("key press to first suggestion", times)
    anna.close()


def click_to_invite(phone, mouse):
    times = []
    for _ in range(ROUNDS):
        anna = Peer("anna")
        phone.type_into("Dial", anna.uri)
        place = phone.center("Call", roles=("push button",))
        phone.point("mousemove", *place)
        mouse.button(True)
        start = mouse.button(False)
        invite, end = timed(anna, "INVITE")
        times.append(end - start)
        anna.answer(invite, 486, "Busy Here")
        phone.press("Dismiss")
        anna.close()
    tell("first click to INVITE on the wire", times[:1])
    tell("click to INVITE on the wire", times[1:])


def invite_to_notification(phone, desk):
    anna = Registrar("anna", display_name="Anna")
    path = os.path.join(os.environ["HOME"], "accounts")
    desktop.write(path, "[Account Work]\nAddress=sip:alice@127.0.0.1\n"
                        f"Server={anna.server}\nUser=alice\nMedia=web\n")
    phone.run("--provision", path)
    register = anna.take_registration()
    times = []
    for _ in range(ROUNDS):
        desk.shown.clear()
        start = time.monotonic()
        dialog = anna.invite(register.contact_uri, register.sender, "sip:alice@127.0.0.1")
        if not desk.shown.wait(desktop.TIME_LIMIT):
            raise AssertionError("no notification")
        times.append(desk.at - start)
        anna.wait_response("INVITE", 180)
        anna.cancel(dialog)
        anna.wait_response("INVITE", 487)
        phone.press("Dismiss")
    tell("INVITE to notification on the bus", times)
    anna.close()


def drop_to_invite(phone, mouse):
    times = []
    ben, anna = Peer("ben"), Peer("anna")
    phone.dial(ben.uri)
    ben.answer(ben.wait_request("INVITE"), 486, "Busy Here")
    phone.press("Dismiss")
    phone.press_tab("Recent")
    phone.dial(anna.uri)
    invite = anna.wait_request("INVITE")
    anna.answer_offer(invite)
    anna.wait_request("ACK")
    phone.wait_text("In a call")
    for _ in range(3):
        phone.hold_over(phone.center("Busy ·", part=True), phone.center("Mute"),
                        lambda: phone.center("Ask first"))
        start = mouse.button(False)
        request, end = timed(ben, "INVITE")
        times.append(end - start)
        anna.agree(anna.wait_request("INVITE"))
        ben.answer(request, 486, "Busy Here")
        anna.agree(anna.wait_request("INVITE"))
        desktop.wait(lambda: phone.find_button("Dismiss"), "the call to ben to be over")
        phone.press("Dismiss")
        phone.wait_for("Mute")
    tell("drop on “Ask first” to INVITE", times)


def main():
    desk, screen = Desk(), Display()
    for measure, tool in ((click_to_invite, screen), (key_to_suggestion, screen),
                          (invite_to_notification, desk), (drop_to_invite, screen)):
        desktop.forget()
        phone = desktop.Phone()
        phone.wait_for("Dial")
        measure(phone, tool)
        phone.process.kill()
        phone.process.wait()


if __name__ == "__main__":
    main()
