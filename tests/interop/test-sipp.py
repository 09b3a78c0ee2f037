"""A phone of ours and sipp, over UDP, with nobody between them; sipp's scenarios are the verdict."""

import contextlib

import lab
import scenario


class Call:
    """A phone and a sipp that it calls, or that calls it."""

    def __init__(self, name, *options, incoming=False):
        self.name, self.options, self.incoming = name, options, incoming

    def __enter__(self):
        address = f"127.0.0.1:{lab.free_port()}"
        with contextlib.ExitStack() as stack:
            phone = stack.enter_context(lab.Phone(f"sip:alice@{address}", 1000, register=False,
                                                  answer=self.incoming, localAddress=address))
            phone.expect("connected")
            remote = address if self.incoming else None
            sipp = stack.enter_context(scenario.Sipp(phone.folder, self.name, *self.options,
                                                     remote=remote))
            if not self.incoming:
                phone.tell(do="invite", target=sipp.target)
            self.stack = stack.pop_all()
        return phone, sipp

    def __exit__(self, *_):
        self.stack.close()


def test_fork():
    with Call("fork") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.expect("bye")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def call_and_hang_up(name, *options):
    with Call(name, *options) as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def test_lost_ack():
    with Call("lost-ack", "-nr") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.expect("dtmf", tone="7")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def test_late_200():
    with Call("late-200") as (phone, sipp):
        while phone.expect("progress")["code"] != 180:
            continue
        phone.tell(do="cancel")
        phone.expect("terminated")
        sipp.expect_success()
        phone.drain()
        assert "bye" in phone.names()


def test_prack():
    call_and_hang_up("prack")


def test_timer():
    call_and_hang_up("timer")


def test_glare():
    with Call("glare") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="reinvite")
        phone.expect("reinviteAccepted")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()
        assert "reinviteFailed" not in phone.names()


def test_hold():
    with Call("hold") as (phone, sipp):
        phone.expect("accepted", code=200)
        phone.tell(do="hold")
        phone.expect("reinviteAccepted")
        phone.tell(do="unhold")
        phone.expect("reinviteAccepted")
        phone.tell(do="dtmf", tones="1")  # for sipp to go on, once the phone has the answer
        phone.expect("remoteHold", is_on=True)
        phone.expect("remoteHold", is_on=False)
        phone.expect("confirmed")
        phone.tell(do="bye")
        phone.expect("terminated")
        sipp.expect_success()


def take_and_be_hung_up(name, *options):
    with Call(name, *options, incoming=True) as (phone, sipp):
        phone.expect("confirmed")
        phone.expect("terminated", cause="BYE")
        sipp.expect_success()


def test_short_timer():
    take_and_be_hung_up("short-timer")


def test_lost_200():
    take_and_be_hung_up("lost-200", "-nr")


lab.run([test_fork, test_lost_ack, test_late_200, test_prack, test_timer, test_glare, test_hold,
         test_short_timer, test_lost_200])
