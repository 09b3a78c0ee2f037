"""Another program: a small window in the corner, from which the link that is told can be dragged."""

import sys

import gi

gi.require_version("Gtk", "4.0")
from gi.repository import Gtk, Gdk, Gio, GLib, GObject  # once the version is known


def on_activate(application):
    link = GObject.Value(str, sys.argv[1])
    source = Gtk.DragSource(content=Gdk.ContentProvider.new_for_value(link))
    window = Gtk.ApplicationWindow(application=application, decorated=False,
                                   child=Gtk.Label(label="A link"), default_width=120,
                                   default_height=60)
    window.add_controller(source)
    window.present()


application = Gtk.Application(flags=Gio.ApplicationFlags.NON_UNIQUE)
application.connect("activate", on_activate)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, 15, application.quit)
application.run([])
