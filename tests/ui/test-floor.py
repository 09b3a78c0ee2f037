"""Several calls at once: one has the floor, the others wait."""

import re
import unittest

import desktop
from desktop import wait
from peer import DESCRIPTION, FINGERPRINT, Peer


class Floor(desktop.Case):
    def talk(self, phone, peer):
        """The phone calls, the peer answers."""
        phone.dial(peer.uri)
        invite = peer.wait_request("INVITE")
        peer.answer_offer(invite)
        peer.wait_request("ACK")
        return invite

    def answer_round(self, peer, words, direction):
        """The next re-INVITE has to say words; it is answered with direction."""
        request = peer.wait_request("INVITE")
        self.assertIn(f"a={words}", request.body)
        payload = re.search(r"a=rtpmap:(\d+) opus/48000", request.body)[1]
        mid = re.search(r"a=mid:(\S+)", request.body)[1]
        body = DESCRIPTION.format(version=2, payload=payload, mid=mid, fingerprint=FINGERPRINT,
                                  setup="active").replace("a=sendrecv", f"a={direction}")
        peer.answer(request, 200, "OK", body=body)
        peer.wait_request("ACK")

    def call_in(self, phone, peer, invite):
        """The peer calls the address that the phone gave another peer."""
        contact = re.search(r"sip:([^@]+)@([^:;>]+):(\d+)", invite.contact_uri)
        return peer.invite(invite.contact_uri, (contact[2], int(contact[3])))

    def test_hold_and_resume(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        self.talk(phone, anna)
        phone.press("Hold")
        self.answer_round(anna, "sendonly", "recvonly")
        phone.wait_text("You put anna on hold")
        phone.press("Resume")
        self.answer_round(anna, "sendrecv", "sendrecv")
        phone.wait_for("Hold")
        phone.wait_text("In a call")
        phone.wait_for("End call")
        phone.key("ctrl+h")
        self.answer_round(anna, "sendonly", "recvonly")
        phone.wait_for("Resume")

    def test_refused_hold_says_so(self):
        anna = self.peer(Peer, "anna")
        phone = self.phone()
        self.talk(phone, anna)
        ben = self.peer(Peer, "ben")
        phone.dial(ben.uri)
        anna.answer(anna.wait_request("INVITE"), 488, "Not Acceptable Here")
        phone.wait_text("anna could not be put on hold.")

    def test_second_call_and_swap(self):
        anna, ben = self.peer(Peer, "anna"), self.peer(Peer, "ben")
        phone = self.phone()
        self.talk(phone, anna)
        phone.dial(ben.uri)
        self.answer_round(anna, "sendonly", "recvonly")
        ben.answer_offer(ben.wait_request("INVITE"))
        ben.wait_request("ACK")
        phone.wait_text("You put anna on hold")
        phone.press("Swap")
        self.answer_round(ben, "sendonly", "recvonly")
        self.answer_round(anna, "sendrecv", "sendrecv")
        phone.wait_text("You put ben on hold")
        phone.wait_for("Hold")
        phone.key("ctrl+Tab")
        self.answer_round(anna, "sendonly", "recvonly")
        self.answer_round(ben, "sendrecv", "sendrecv")
        phone.wait_text("You put anna on hold")

    def test_hold_and_answer(self):
        anna, ben = self.peer(Peer, "anna"), self.peer(Peer, "ben")
        phone = self.phone()
        invite = self.talk(phone, anna)
        dialog = self.call_in(phone, ben, invite)
        ben.wait_response("INVITE", 180)
        phone.press("Hold & answer")
        self.answer_round(anna, "sendonly", "recvonly")
        ben.acknowledge(dialog, ben.wait_response("INVITE", 200))
        phone.wait_text("You put anna on hold")
        phone.wait_text("In a call")
        ben.bye(dialog)
        ben.wait_response("BYE", 200)
        phone.wait_for("Resume")

    def test_together_and_alone(self):
        anna, ben, cleo = (self.peer(Peer, name) for name in ("anna", "ben", "cleo"))
        phone = self.phone()
        self.talk(phone, anna)
        phone.dial(ben.uri)
        self.answer_round(anna, "sendonly", "recvonly")
        invite = ben.wait_request("INVITE")
        ben.answer_offer(invite)
        ben.wait_request("ACK")
        phone.press("Speak together")
        self.answer_round(anna, "sendrecv", "sendrecv")
        phone.wait_text("Together with anna")
        phone.wait_text("Together with ben")
        self.assertIsNone(phone.find_button("Swap"))
        phone.press("Mute")
        phone.wait_for("Unmute")
        phone.key("ctrl+Tab")
        phone.wait_for("Unmute")
        phone.press("Unmute")

        # A third one has the floor alone, and all are back when it is over.
        phone.dial(cleo.uri)
        self.answer_round(anna, "sendonly", "recvonly")
        self.answer_round(ben, "sendonly", "recvonly")
        cleo.answer(cleo.wait_request("INVITE"), 486, "Busy Here")
        phone.press("Resume")
        self.answer_round(anna, "sendrecv", "sendrecv")
        self.answer_round(ben, "sendrecv", "sendrecv")
        phone.wait_text("Together with anna")

        phone.press("Talk alone")
        self.answer_round(ben, "sendonly", "recvonly")
        phone.wait_text("You put ben on hold")
        phone.press("Speak together")
        self.answer_round(ben, "sendrecv", "sendrecv")
        phone.wait_text("Together with anna")
        ben.bye(ben.dialog(invite))
        ben.wait_response("BYE", 200)
        phone.wait_text("In a call")
        self.assertFalse(anna.has_received("INVITE"))

    def test_second_caller_declined(self):
        anna, ben = self.peer(Peer, "anna"), self.peer(Peer, "ben")
        phone = self.phone()
        invite = self.talk(phone, anna)
        self.call_in(phone, ben, invite)
        ben.wait_response("INVITE", 180)
        phone.press("Decline")
        ben.wait_response("INVITE", 603)
        self.assertFalse(anna.has_received("INVITE"))
        wait(lambda: phone.find_button("Hold"), "the first call as it was")


if __name__ == "__main__":
    unittest.main(verbosity=2)
