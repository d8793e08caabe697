"""Queues of waiting callers, and the phones of the operators who serve them."""
import base64

import pytest

from harness.config import DOMAIN, password
from harness.robot import MUSIC, audio
from harness.waiting import until


def queue(**changes):
    return {"id": "sales", "number": "600", "operators": ["101", "102"], "strategy": "top_down", "ring_time": 30,
            "on_missed": "none", "on_rejected": "none"} | changes


@pytest.fixture
def centre(own_server, phones_at):
    """centre(queues...) starts a server with these queues; phones come from its `phones`."""
    class Centre:
        def __init__(self, *queues):
            self.server = own_server(domains={DOMAIN: {"queues": list(queues) or [queue()]}})
            self.phones = phones_at(self.server)

        def operator(self, number, **options):
            """A phone whose operator is logged in by feature code."""
            phone = self.phones(number, **options)
            dial(phone, f"*160*{number}*{password(number)}")
            return phone

        def waiting(self, name="sales"):
            return self.server.metric("patchbay_acd_waiting", queue=name)

        def figures(self, operator="105", what="queues"):
            secret = base64.b64encode(f"{operator}:{password(operator)}".encode()).decode()
            return self.server.get(f"/{DOMAIN}/statistics/{what}.csv", {"Authorization": f"Basic {secret}"})
    return Centre


def dial(phone, code):
    """Dials a feature code, which is answered for a moment when it is done."""
    call = phone.call(code)
    phone.wait("answered", call=call)
    phone.wait("ended", call=call, by="remote")
    phone.forget()


def test_a_caller_waits_with_music_until_an_operator_answers(centre):
    desk = centre()
    a = desk.phones("201")
    a.call("600")
    a.wait("answered")
    audio({a: [MUSIC]})
    assert desk.waiting() == 1
    b = desk.operator("101")
    b.wait("incoming", **{"from": "201"})
    b.do("answer")
    b.wait("connected")
    audio({a: [b], b: [a]})
    until(lambda: desk.waiting() == 0, what="the queue to be empty")
    a.do("hangup")
    b.wait("ended", by="remote")


def test_who_does_not_answer_is_followed_by_the_next(centre):
    desk = centre(queue(ring_time=2))
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    first.wait("incoming")
    second.wait("incoming")
    first.wait("ended")
    second.do("answer")
    second.wait("connected")
    audio({a: [second], second: [a]})


def test_ring_all_ends_the_others_when_one_answers(centre):
    desk = centre(queue(strategy="ring_all", ring_time=20))
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    first.wait("incoming")
    second.wait("incoming")
    second.do("answer")
    second.wait("connected")
    first.wait("ended", by="remote")
    audio({a: [second], second: [a]})


def test_a_refusal_rings_the_next(centre):
    desk = centre()
    first, second = desk.operator("101", reject=486), desk.operator("102", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    second.wait("connected")
    audio({a: [second], second: [a]})
    assert not first.facts("connected")


def test_a_break_while_rung_passes_the_caller_on(centre):
    desk = centre(queue())
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    call = first.wait("incoming")["call"]
    code = first.call("*162")
    first.wait("ended", call=call)
    first.wait("ended", call=code)
    second.wait("incoming")
    second.do("answer")
    second.wait("connected")
    audio({a: [second], second: [a]})


def test_a_caller_who_hangs_up_rings_no_phone_on(centre):
    desk = centre(queue())
    b = desk.operator("101")
    a = desk.phones("201")
    a.call("600")
    b.wait("incoming")
    a.do("hangup")
    b.wait("ended")
    until(lambda: desk.waiting() == 0, what="the queue to be empty")
    desk.server.wait_idle()


def test_a_hang_up_that_crosses_the_answer_leaves_nothing(centre):
    desk = centre(queue())
    b = desk.operator("101")
    a = desk.phones("201")
    a.call("600")
    a.wait("answered")
    b.wait("incoming")
    b.tell("answer")
    a.tell("hangup")
    a.wait("ended")
    b.wait("ended")
    desk.server.wait_idle()
    # Whoever was reserved or talked for an instant takes the next caller.
    a.forget(), b.forget()
    a.call("600")
    b.wait("incoming")


def test_a_caller_who_waits_too_long_goes_to_the_overflow(centre):
    desk = centre(queue(max_wait=1, overflow="106"))
    other = desk.phones("106", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    other.wait("connected")
    audio({a: [other], other: [a]})


def test_a_blind_transfer_into_a_queue(centre):
    desk = centre()
    a, c = desk.phones("201"), desk.phones("106", answer_after=0)
    desk.phones.talking(a, c)
    c.do("refer", to="600")
    c.wait("ended")
    audio({a: [MUSIC]})
    b = desk.operator("101", answer_after=0)
    b.wait("connected")
    audio({a: [b], b: [a]})


def test_feature_codes_that_are_refused(centre):
    desk = centre()
    phone = desk.phones("101")
    for code in ("*160*101*wrong", "*160*nobody*demo101", "*162", "*169", "*160*"):
        call = phone.call(code)
        assert phone.wait("ended", call=call, by="remote")["status"] in (403, 404), code


def test_supervisors_read_the_figures(centre):
    desk = centre()
    b = desk.operator("101", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    b.wait("connected")
    a.do("hangup")
    b.wait("ended")
    desk.server.wait_idle()
    status, text = desk.figures()
    assert status == 200
    lines = [line.split(",") for line in text.split("\r\n") if line]
    last = dict(zip(lines[0], lines[-1]))
    assert (last["queue"], last["entered"], last["answered"], last["abandoned"]) == ("sales", "1", "1", "0")
    assert desk.figures(what="operators")[0] == 200
    assert desk.figures(operator="101")[0] == 403
    assert desk.figures(operator="nobody")[0] == 401
