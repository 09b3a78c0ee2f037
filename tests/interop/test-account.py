"""An account and a kamailio that goes away: how long until somebody who calls is heard again."""

import time

import lab

STREAMS = ("TCP", "TLS", "WS", "WSS")
BACK = 15  # seconds until it is signed in again at a server that came back


def phone(server, user, protocol, tone, **more):
    return lab.Phone(f"sip:{user}@{server.domain}", tone, server=server.server(protocol),
                     password=server.PASSWORDS[user], authority=server.authority, **more)


def call_in(server, callee):
    """That it can be reached is seen by who reaches it."""
    with phone(server, "bob", "UDP", 400) as bob:
        bob.expect("registered")
        bob.tell(do="invite", target=f"sip:alice@{server.domain}")
        callee.expect("confirmed")
        bob.expect("accepted", code=200)
        bob.tell(do="bye")
        callee.expect("terminated")
        bob.expect("terminated")


def within(seconds, event, teller):
    begin = time.monotonic()
    teller.expect(event, limit=seconds)
    print(f"# {event} after {time.monotonic() - begin:.1f} s", flush=True)


def make_restart(protocol):
    def case():
        with lab.Kamailio() as server, phone(server, "alice", protocol, 1000, answer=True) as alice:
            alice.expect("registered")
            server.restart()
            alice.expect("disconnected")
            within(BACK, "registered", alice)
            call_in(server, alice)
    case.__name__ = f"test_restart_{protocol}".lower()
    return case


def test_restart_in_a_call():
    """The call goes on, and ends as it should."""
    with lab.Kamailio() as server, phone(server, "alice", "TCP", 1000) as alice, \
            phone(server, "bob", "UDP", 400, answer=True) as bob:
        alice.expect("registered")
        bob.expect("registered")
        alice.tell(do="invite", target=f"sip:bob@{server.domain}")
        bob.expect("confirmed")
        alice.expect("heard")
        server.restart()
        alice.expect("disconnected")
        within(BACK, "registered", alice)
        alice.expect_tone(400)
        assert "terminated" not in alice.names() + bob.names()
        alice.tell(do="bye")
        bob.expect("terminated", cause="BYE")


def make_restart_for_both(protocol):
    """Neither knows where the other one is now; the call goes on, and ends as it should."""
    def case():
        with lab.Kamailio() as server, phone(server, "alice", protocol, 1000) as alice, \
                phone(server, "bob", protocol, 400, answer=True) as bob:
            alice.expect("registered")
            bob.expect("registered")
            alice.tell(do="invite", target=f"sip:bob@{server.domain}")
            bob.expect("confirmed")
            alice.expect("heard")
            server.restart()
            for one in (alice, bob):
                one.expect("disconnected")
                within(BACK, "registered", one)
            alice.tell(do="hold")
            alice.expect("reinviteAccepted")
            bob.tell(do="bye")
            alice.expect("terminated", cause="BYE")
    case.__name__ = f"test_restart_for_both_{protocol}".lower()
    return case


def test_absent_at_first():
    """The server is started after the phone."""
    with lab.Kamailio() as server:
        server.stop()
        with phone(server, "alice", "TCP", 1000, answer=True) as alice:
            alice.expect("disconnected")
            server.start()
            within(BACK, "registered", alice)
            call_in(server, alice)


lab.run([make_restart(protocol) for protocol in STREAMS]
        + [make_restart_for_both(protocol) for protocol in STREAMS]
        + [test_absent_at_first, test_restart_in_a_call])
