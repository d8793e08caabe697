"""conversations_event: every change of the session's conversations, and nobody else's."""
import pytest

from harness.ecss import EcssSocket
from harness.robot import audio


@pytest.fixture
def listen(server, ending):
    def make(operator, **login):
        made = EcssSocket(server, operator, login=not login)
        if login:
            assert made.login(**login).status == 200
        ending.append(made)
        return made
    return make


def test_a_calls_life_is_told(phones, listen):
    socket = listen("101")
    a, b = phones("201", name="Customer One"), phones("101")
    a.call("101")
    first = socket.event(state="alerting")
    assert first["remote_digits"] == "201" and first["digits"] == "101" and first["direction"] == "in"
    b.do("answer")
    working = socket.event(state="working")
    assert working["id"] == first["id"] and working["answer_time"]
    assert socket.command("call_hold", conversation_id=first["id"]).ok
    assert socket.event(state="hold")["id"] == first["id"]
    assert socket.command("call_unhold", conversation_id=first["id"]).ok
    assert socket.event(state="working")["id"] == first["id"]
    a.do("hangup")
    assert socket.event(state="released")["id"] == first["id"]


def test_a_phones_own_hold_is_told_like_any_other(phones, listen):
    socket = listen("101")
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("hold")
    assert socket.event(state="hold")
    b.do("unhold")
    assert socket.event(state="working")


def test_others_hear_nothing_of_it(phones, listen):
    other, supervisor, stranger = listen("102"), listen("105"), listen("106")
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    assert supervisor.event(state="working", digits="101")
    for socket in (other, stranger):
        with pytest.raises(AssertionError):
            socket.event(timeout=0.3, digits="101")


def test_a_client_that_comes_back_resumes_from_its_offset(phones, listen):
    socket = listen("101")
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    seen = socket.event(state="working")
    socket.close()
    b.do("hold")
    b.wait("reply", status=200)
    b.do("unhold")
    b.wait("reply", status=200)
    again = listen("101", offset=seen["offset"])
    assert int(again.event(state="hold")["offset"]) > int(seen["offset"])
    assert again.event(state="working")
    audio({a: [b], b: [a]})
