"""A call goes on while the network of this computer changes, and its card says so meanwhile."""

import os
import sys
import unittest

import desktop
from desktop import wait

sys.path.insert(0, os.path.join(desktop.SOURCE, "tests", "interop"))

import lab  # noqa: E402
from place import FIRST, SERVER, Place, can_make_networks, ip  # noqa: E402

OTHER = "10.99.0.4"


@unittest.skipUnless(can_make_networks(), "this machine makes no networks")
class Moves(desktop.Case):
    """Carol is at the other end of a cable, and speaks WebRTC."""

    def setUp(self):
        super().setUp()
        ip("link del phones")  # the cable takes its place
        self.place = self.enterContext(Place())
        address = f"{FIRST}:{lab.free_port()}"
        self.carol = self.peer(lab.Phone, f"sip:carol@{address}", 700, register=False, answer=True,
                               localAddress=address, within=self.place.within)
        self.carol.expect("connected")
        self.window = self.phone()
        self.window.dial(f"sip:carol@{address}")
        self.carol.expect("confirmed")
        self.window.wait_text("Encrypted sound")

    def test_address_changes(self):
        self.place.pull()
        ip(f"addr del {SERVER}/24 dev server", f"addr add {OTHER}/24 dev server")
        self.window.wait_text("Reconnecting…")
        self.place.plug()
        self.carol.expect("reinvite")
        self.window.wait_text_gone("Reconnecting…")
        self.window.wait_text("In a call")
        wait(lambda: self.window.find_button("Hold"), "the call to be there")
        self.assertFalse({"terminated", "mediaFailed"} & set(self.carol.names()))
        self.window.press("End call")
        self.carol.expect("terminated", cause="BYE")


if __name__ == "__main__":
    unittest.main(verbosity=2)
