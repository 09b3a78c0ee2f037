"""Two phones of ours and a kamailio between them, by every transport."""

import sys

import lab
import sound

TRANSPORTS = ("UDP", "TCP", "TLS", "WS", "WSS")


def phone(server, user, protocol, tone, **more):
    password = more.pop("password", server.PASSWORDS[user])
    return lab.Phone(f"sip:{user}@{server.domain}", tone, server=server.server(protocol),
                     password=password, authority=server.authority, **more)


def call_through(server, protocol, other):
    with phone(server, "alice", protocol, 1000) as alice, \
            phone(server, "bob", other, 400, answer=True) as bob:
        alice.expect("registered")
        bob.expect("registered")
        alice.tell(do="invite", target=f"sip:bob@{server.domain}")
        alice.expect("accepted", code=200)
        bob.expect("confirmed")
        alice.expect("heard")
        bob.expect("heard")
        alice.tell(do="dtmf", tones="5")
        bob.expect("dtmf", tone="5")
        bob.tell(do="dtmf", tones="#")
        while alice.expect("dtmf")["tone"] != "#":
            continue
        alice.tell(do="bye")
        alice.expect("terminated")
        bob.expect("terminated", cause="BYE")
        sound.assert_tone(alice.heard(), 400, absent=1000)
        sound.assert_tone(bob.heard(), 1000, absent=400)


def make_case(protocol, other):
    def case():
        with lab.Kamailio() as server:
            call_through(server, protocol, other)
    case.__name__ = f"test_{protocol}_to_{other}".lower()
    return case


def test_sha_256():
    with lab.Kamailio(algorithm="SHA-256") as server:
        call_through(server, "TCP", "TCP")


def test_wrong_password():
    with lab.Kamailio() as server, phone(server, "alice", "UDP", 1000, password="no") as alice:
        alice.expect("registrationFailed", cause="Authentication Error", code=401)


def test_certificate_of_a_stranger():
    with lab.Kamailio() as server, lab.Kamailio() as other:
        for protocol in ("TLS", "WSS"):
            with lab.Phone(f"sip:alice@{server.domain}", 1000, server=server.server(protocol),
                           password="secret", authority=other.authority) as alice:
                alice.expect("disconnected")
                assert "registered" not in alice.names()


def test_server_that_is_not_there():
    port = lab.free_port()
    for server in (f"sip:127.0.0.1:{port};transport=tcp", f"ws://127.0.0.1:{port}"):
        with lab.Phone(f"sip:alice@127.0.0.1:{port}", 1000, server=server) as alice:
            alice.expect("disconnected")
            alice.tell(do="invite", target="bob")
            alice.expect("terminated", cause="Connection Error")


def test_refusals():
    with lab.Kamailio() as server, phone(server, "alice", "TCP", 1000) as alice:
        alice.expect("registered")
        for code, cause in ((486, "Busy"), (404, "Not Found"), (603, "Rejected")):
            alice.tell(do="invite", target=f"sip:code{code}@{server.domain}")
            alice.expect("rejected", code=code, cause=cause)
            alice.expect("terminated", code=code, cause=cause)


def test_canceled():
    with lab.Kamailio() as server, phone(server, "alice", "TCP", 1000) as alice, \
            phone(server, "bob", "WS", 400) as bob:
        alice.expect("registered")
        bob.expect("registered")
        alice.tell(do="invite", target=f"sip:bob@{server.domain}")
        bob.expect("invite")
        while alice.expect("progress")["code"] != 180:
            continue
        alice.tell(do="cancel")
        alice.expect("rejected", code=487)
        alice.expect("terminated")
        bob.expect("terminated", cause="Canceled")


lab.run([make_case(protocol, protocol) for protocol in TRANSPORTS]
        + [make_case("UDP", "WS"), make_case("WSS", "TLS")]
        + [test_sha_256, test_wrong_password, test_certificate_of_a_stranger,
           test_server_that_is_not_there, test_refusals, test_canceled])
