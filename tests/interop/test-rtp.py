"""Sound with ordinary phones in every codec, clear and encrypted; a third one reads the wire."""

import contextlib
import os
import re

import lab
import peers
import scenario
import sound
import wire

HOST, INTERFACE = "10.99.0.1", "phones"  # baresip leaves loopback alone
TONE_OF_PEER, TONE_OF_ALICE = 700, 1000
KEYS = "0123456789*#ABCD"
ENOUGH = 30  # packets to say something about them

# Name of ours, what baresip calls it, its module, what linphone calls it.
CODECS = {"PCMU": ("PCMU/8000/1", "g711", "PCMU/8000/1"),
          "PCMA": ("PCMA/8000/1", "g711", "PCMA/8000/1"),
          "G722": ("G722/16000/1", "g722", "G722/8000/1"),
          "opus": ("opus/48000/2", "opus", "opus/48000/2"),
          "GSM": ("GSM/8000/1", "gsm", "GSM/8000/1")}
SUITES = ("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AEAD_AES_128_GCM")
REQUIRE = 2  # Sip.Security
# Name, our policy, what baresip calls it, its module, what a description calls it.
CLEAR = ("clear", {}, "", None, {"RTP/AVP"})
SDES = ("sdes", {"security": REQUIRE, "privateSignaling": True}, ";mediaenc=srtp-mand", "srtp",
        {"RTP/SAVP"})
DTLS = ("dtls", {"security": REQUIRE}, ";mediaenc=dtls_srtp", "dtls_srtp",
        {"UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"})


class Ours(lab.Phone):
    def __init__(self, **more):
        self.address = f"{HOST}:{lab.free_port()}"
        self.uri = f"sip:alice@{self.address}"
        super().__init__(self.uri, TONE_OF_ALICE, localAddress=self.address, register=False,
                         answer=True, **more)
        self.expect("connected")


def baresip(codec, protection, more_modules=(), more=""):
    """One that knows this codec and this protection only."""
    name, module, _ = CODECS[codec]
    modules = ["sndfile", module, *more_modules] + ([protection[3]] if protection[3] else [])
    return peers.Baresip(HOST, INTERFACE, TONE_OF_PEER, modules,
                         f";audio_codecs={name}{protection[2]}{more}")


def hear(alice, peer, call):
    """Each hears the other."""
    peer.play(call)
    alice.expect_tone(TONE_OF_PEER)
    peer.expect_sound(call)


def hang_up(alice, peer, call):
    alice.tell(do="bye")
    alice.expect("terminated")
    peer.expect_end(call)
    if peer.WRITES_DOWN:
        sound.assert_tone(peer.heard(), TONE_OF_ALICE, absent=TONE_OF_PEER)


def look(line, codec, protection, tones):
    """What the third one reads: @tones are of the caller and of the called."""
    offer, answer = line.descriptions()
    assert offer.proto == answer.proto and answer.proto in protection[4], answer.text
    for side, tone in zip((offer, answer), tones):
        line.expect_rtp(side.place, ENOUGH)
        packets = line.rtp_from(side.place)
        named = {answer.formats.get(str(packet.payload_type)) for packet in packets}
        assert named == {codec}, f"{named} of {answer.text}"
        payloads = [packet.payload for packet in packets]
        if protection is CLEAR:
            look_at_tone(codec, payloads, tone)
            continue
        assert wire.is_noise(payloads), "what should be encrypted is not"
        if protection is DTLS:
            certificate = wire.certificate_of(line.handshake_from(side.place))
            assert side.is_by(certificate), "somebody else shook hands"
        else:
            look_inside(codec, packets, side, answer, tone)


def look_at_tone(codec, payloads, tone):
    if codec in wire.SAMPLES:
        assert not wire.is_noise(payloads)
        sound.assert_tone(wire.decode(codec, payloads), tone)


def look_inside(codec, packets, side, answer, tone):
    """With the key that its sender described, and with another one."""
    (tag,) = answer.keys
    suite, key = side.keys[tag]
    opened = wire.open_packets(packets, suite, key)
    assert None not in opened, f"{opened.count(None)} of {len(opened)} are not by that key"
    look_at_tone(codec, opened, tone)
    refused = wire.open_packets(packets, suite, wire.other_key(key))
    assert refused == [None] * len(packets), "any key opens it"


def linphone(codec, protection):
    orders = ["audio-codec-disable ALL", f"audio-codec-enable {CODECS[codec][2]}"]
    if protection is SDES:
        orders += ["config-set sip media_encryption_mandatory 1", "media-encryption srtp"]
    return peers.Linphone(HOST, INTERFACE, TONE_OF_PEER, orders)


def make_case(line, phones, kind, codec, protection):
    """Alice calls, and then she is called."""
    def case(alice):
        with kind(codec, protection) as peer:
            line.begin()
            alice.tell(do="invite", target=peer.uri)
            alice.expect("accepted", code=200)
            call = peer.take()
            hear(alice, peer, call)
            look(line, codec, protection, (TONE_OF_ALICE, TONE_OF_PEER))
            hang_up(alice, peer, call)
            alice.begin()
            line.begin()
            call = peer.call(alice.uri)
            hear(alice, peer, call)
            look(line, codec, protection, (TONE_OF_PEER, TONE_OF_ALICE))
            hang_up(alice, peer, call)
    shared = phones.case(case)
    shared.__name__ = f"{kind.__name__}_{codec}_{protection[0]}".lower()
    return shared


def make_suite_case(line, phones, suite):
    """Alice offers nothing but this one."""
    lines = r"(?:a=crypto:.*\r\n)*"
    only = ["offer", rf"{lines}(a=crypto:\d+ {suite} .*\r\n){lines}", "$1"]

    def case(alice):
        with baresip("PCMU", SDES) as peer:
            line.begin()
            alice.tell(do="invite", target=peer.uri, replace=only)
            alice.expect("accepted", code=200)
            call = peer.take()
            hear(alice, peer, call)
            look(line, "PCMU", SDES, (TONE_OF_ALICE, TONE_OF_PEER))
            _, answer = line.descriptions()
            assert [name for name, _ in answer.keys.values()] == [suite], answer.text
            hang_up(alice, peer, call)
    shared = phones.case(case)
    shared.__name__ = f"baresip_{suite}".lower()
    return shared


def make_keys_case(line, phones, codec, typed):
    """First she types, and then she is typed to."""
    def case(alice):
        with baresip(codec, CLEAR) as peer:
            line.begin()
            alice.tell(do="invite", target=peer.uri)
            alice.expect("accepted", code=200)
            call = peer.take()
            hear(alice, peer, call)
            alice.tell(do="dtmf", tones=typed, duration=60, gap=20)
            for key in typed:
                peer.expect_key(key)
            alice.drain()  # they are hers
            for key in typed:
                peer.press(call, key)
            for key in typed:
                alice.expect("dtmf", tone=key)
            assert not line.texts(b"INFO "), "keys should be packets of RTP"
            hang_up(alice, peer, call)
            alice.drain()
            assert alice.names().count("dtmf") == 2 * len(typed), alice.names()
    shared = phones.case(case)
    shared.__name__ = f"keys_{codec}".lower()
    return shared


def make_ice_case(line, phones, protection):
    """Baresip looks for a way, and finds it."""
    def case(alice):
        with baresip("opus", protection, ["ice"], ";medianat=ice") as peer:
            line.begin()
            call = peer.call(alice.uri)
            hear(alice, peer, call)
            offer, answer = line.descriptions()
            for side in (offer, answer):
                assert re.search(r"^a=ice-ufrag:\S{4,}\r$", side.text, re.M), side.text
                assert re.search(r"^a=candidate:.* typ host", side.text, re.M), side.text
                assert line.checks_from(side.place), "it never asked"
            look(line, "opus", protection, (TONE_OF_PEER, TONE_OF_ALICE))
            hang_up(alice, peer, call)
    shared = phones.case(case)
    shared.__name__ = f"ice_{protection[0]}"
    return shared


def make_sipp_case(line, phones, name, function):
    def case(alice):
        line.begin()
        function(alice, line)
    shared = phones.case(case)
    shared.__name__ = f"sipp_{name}"
    return shared


def sipp_plays(alice, line):
    """It plays what the test made, and what goes to it is alice's tone."""
    wire.write_recording(os.path.join(alice.folder, "tone.pcap"), "PCMA", TONE_OF_PEER, 20)
    with scenario.Sipp(alice.folder, "plays", remote=alice.address, host=HOST) as sipp:
        alice.expect("confirmed")
        alice.expect_tone(TONE_OF_PEER)
        look(line, "PCMA", CLEAR, (TONE_OF_PEER, TONE_OF_ALICE))
        offer, answer = line.descriptions()
        assert {packet.target for packet in line.rtp_from(answer.place)} == {offer.place}
        alice.tell(do="bye")
        alice.expect("terminated")
        sipp.expect_success()


def sipp_streams(alice, line):
    """It is called, and plays a file."""
    wire.write_stream(os.path.join(alice.folder, "tone.pcmu"), "PCMU", TONE_OF_PEER)
    with scenario.Sipp(alice.folder, "streams", host=HOST) as sipp:
        alice.tell(do="invite", target=sipp.target)
        alice.expect("accepted", code=200)
        alice.expect_tone(TONE_OF_PEER)
        look(line, "PCMU", CLEAR, (TONE_OF_ALICE, TONE_OF_PEER))
        offer, answer = line.descriptions()
        assert {packet.target for packet in line.rtp_from(offer.place)} == {answer.place}
        alice.tell(do="bye")
        alice.expect("terminated")
        sipp.expect_success()


def sipp_info(alice, line):
    """It said nothing of keys: they come by INFO."""
    with scenario.Sipp(alice.folder, "info", host=HOST) as sipp:
        alice.tell(do="invite", target=sipp.target)
        alice.expect("accepted", code=200)
        alice.tell(do="dtmf", tones="5#")
        for key in "5#":
            alice.expect("dtmf", tone=key)
        alice.tell(do="bye")
        alice.expect("terminated")
        sipp.expect_success()


def sipp_no_info(alice, line):
    """It refuses INFO, too: then a key is what it sounds like."""
    with scenario.Sipp(alice.folder, "no-info", host=HOST) as sipp:
        alice.tell(do="invite", target=sipp.target)
        alice.expect("accepted", code=200)
        offer, _ = line.descriptions()
        line.expect_rtp(offer.place, ENOUGH)
        alice.tell(do="dtmf", tones="5", duration=500)
        line.expect_text(b"SIP/2.0 415 ")
        line.expect_rtp(offer.place, len(line.rtp_from(offer.place)) + 2 * ENOUGH)
        alice.tell(do="bye")
        alice.expect("terminated")
        sipp.expect_success()
        alice.drain()
        assert "dtmfFailed" not in alice.names(), alice.names()
        heard = wire.decode("PCMU", [packet.payload for packet in line.rtp_from(offer.place)])
        sound.assert_key(heard, (770, 1336))


def make_refusal_case(code):
    """One call of the user's, in which a stranger refuses the offer of a browser."""
    def case():
        with Ours(auto=True) as alice, \
                scenario.Sipp(alice.folder, f"refuses-{code}", host=HOST) as sipp:
            alice.tell(do="invite", target=sipp.target)
            alice.expect("accepted", code=200)
            alice.tell(do="bye")
            alice.expect("terminated")
            sipp.expect_success()
            alice.drain()
            assert alice.names().count("terminated") == 1, alice.names()
            assert alice.names().count("failed") == 0, alice.names()
    case.__name__ = f"test_stranger_refuses_{code}"
    return case


def test_refused_at_first():
    """Baresip takes no offer of a browser: it gets the other kind, and at once the next time."""
    with Ours(auto=True) as alice, baresip("opus", CLEAR) as peer:
        for protos in (["UDP/TLS/RTP/SAVPF", "RTP/AVP"], ["RTP/AVP"]):
            alice.begin()
            line.begin()
            alice.tell(do="invite", target=peer.uri)
            alice.expect("accepted", code=200)
            call = peer.take()
            peer.expect_sound(call)
            alice.expect("heard", codec="opus")
            invites = [wire.Description(text) for text in line.texts(b"INVITE ")]
            assert [offer.proto for offer in invites] == protos, line.texts(b"INVITE ")
            assert len(line.texts(b"SIP/2.0 488 ")) == len(protos) - 1, line.texts(b"SIP/2.0 ")
            alice.tell(do="bye")
            alice.expect("terminated")
            peer.expect_end(call)
            alice.drain()
            assert alice.names().count("terminated") == 1, alice.names()


lab.enter_own_network(HOST)
with contextlib.ExitStack() as everything:
    line = wire.Wire()
    clear, sdes, dtls = (everything.enter_context(lab.Shared(make)) for make in (
        lambda: Ours(rtp=True, handler=CLEAR[1]), lambda: Ours(rtp=True, handler=SDES[1]),
        lambda: Ours(rtp=True, handler=DTLS[1])))
    cases = [make_case(line, clear, baresip, codec, CLEAR) for codec in CODECS]
    cases += [make_keys_case(line, clear, "PCMU", 3 * KEYS), make_keys_case(line, clear, "opus", KEYS)]
    cases += [make_case(line, sdes, baresip, codec, SDES) for codec in CODECS]
    cases += [make_suite_case(line, sdes, suite) for suite in SUITES]
    cases += [make_case(line, sdes, linphone, codec, SDES) for codec in ("PCMA", "G722", "opus")]
    cases += [make_case(line, dtls, baresip, codec, DTLS) for codec in CODECS]
    cases += [make_ice_case(line, clear, CLEAR), make_ice_case(line, sdes, SDES)]
    cases += [make_sipp_case(line, clear, "plays", sipp_plays),
              make_sipp_case(line, clear, "streams", sipp_streams),
              make_sipp_case(line, clear, "info", sipp_info),
              make_sipp_case(line, clear, "no_info", sipp_no_info), test_refused_at_first]
    cases += [make_refusal_case(code) for code in (415, 488, 606)]
    lab.run(cases)
