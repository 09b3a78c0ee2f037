"""Browsers and ordinary phones, and an rtpengine between them that kamailio asks."""

import contextlib

import browser
import lab
import peers
import sound

HOST, INTERFACE = "10.99.0.1", "phones"  # baresip leaves loopback alone
TONE_OF_PEER, TONE_OF_ALICE = 400, 1000


def make_alice(server, protocol, **more):
    return lab.Phone(f"sip:alice@{server.domain}", TONE_OF_ALICE, server=server.server(protocol),
                     password=server.PASSWORDS["alice"], answer=True, **more)


@contextlib.contextmanager
def everybody(**alice):
    """Alice is ours; bob is a browser, and the peer a baresip that is called by its address."""
    with contextlib.ExitStack() as stack:
        gateway = stack.enter_context(lab.Gateway(HOST))
        server = stack.enter_context(lab.Kamailio(gateway=gateway))
        bob = stack.enter_context(browser.Browser(server, "bob", answer=True))
        peer = stack.enter_context(peers.Baresip(HOST, INTERFACE, TONE_OF_PEER,
                                                 ["sndfile", "opus"]))
        ours = stack.enter_context(make_alice(server, **alice)) if alice else None
        bob.expect("registered")
        if ours is not None:
            ours.expect("registered")
        yield server, ours, bob, peer


def call_peer(caller, peer):
    caller.tell(do="invite", target=peer.uri)
    caller.expect("accepted")
    return peer.take()


def hang_up(caller, peer, call, tone, absent):
    caller.tell(do="bye")
    caller.expect("terminated")
    peer.expect_end(call)
    sound.assert_tone(peer.heard(), tone, absent=absent)


def test_browser_calls_baresip():
    with everybody() as (_, _, bob, peer):
        call = call_peer(bob, peer)
        bob.expect_sound()
        peer.expect_sound(call)
        hang_up(bob, peer, call, browser.TONE_OF_BROWSER, TONE_OF_PEER)


def make_case(protocol, rtp):
    """We call both, and the browser calls us."""
    def case():
        with everybody(protocol=protocol, rtp=rtp) as (server, alice, bob, peer):
            call = call_peer(alice, peer)
            alice.expect_tone(TONE_OF_PEER)
            peer.expect_sound(call)
            hang_up(alice, peer, call, TONE_OF_ALICE, TONE_OF_PEER)
            for caller, target in ((alice, "bob"), (bob, "alice")):
                alice.begin()
                caller.tell(do="invite", target=f"sip:{target}@{server.domain}")
                caller.expect("accepted")
                alice.expect_tone(browser.TONE_OF_BROWSER)
                bob.expect_sound()
                alice.tell(do="bye")
                alice.expect("terminated")
                bob.expect("terminated")
    case.__name__ = f"test_ours_over_{'rtp' if rtp else 'webrtc'}_calls_both"
    return case


lab.enter_own_network(HOST)
lab.run([test_browser_calls_baresip, make_case("UDP", True), make_case("WS", False)])
