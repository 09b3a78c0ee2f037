"""The example of the documentation, as it stands there: its server is on port 5060 of this
machine, so it runs in a network of its own."""

import os

import lab

lab.enter_own_network()


def test_example():
    with lab.Kamailio(udp=5060) as server, \
            lab.Phone("sip:bob@127.0.0.1", 400, server=server.server("UDP"),
                      password="bob-secret", answer=True) as bob:
        bob.expect("registered")
        example = lab.start(["gjs", os.path.join(lab.HERE, "example.js")])
        bob.expect("invite", **{"from": "sip:alice@127.0.0.1"})
        bob.expect("confirmed")
        bob.expect("dtmf", tone="1")
        bob.tell(do="bye")
        bob.expect("terminated")
        assert example.wait(lab.LIMIT) == 0


lab.run([test_example])
