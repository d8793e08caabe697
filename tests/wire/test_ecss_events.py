"""conversations_event: every change of the session's conversations, and nobody else's."""
import pytest

from harness.ecss import EcssSocket
from harness.robot import audio
from harness.schema import check, to_xml


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


def test_a_parked_conversation_names_its_slot(phones, listen, desk):
    """Both of it are told: who waits there, and who parked, whose conversation ends by that."""
    waits, parker = listen("102"), listen("101")
    a, b = phones("102"), phones("101", answer_after=0)
    phones.talking(a, b)
    crm = desk("ringme", "101")
    assert "park_slot" not in parker.event(state="working")
    assert crm.park(crm.leg("101")), crm.reply
    slot = str(crm.reply.body["park_slot"])
    parked = waits.event(park_slot=slot)
    assert parked["state"] == "hold"
    assert parker.event(state="released")["park_slot"] == slot
    assert waits.conversation(state="hold")["park_slot"] == slot
    check("conversations_event", to_xml(waits.last_event))
    c = phones("202")
    c.call(slot)
    c.wait("answered")
    assert "park_slot" not in waits.event(state="working", remote_digits="202")


def test_who_talks_in_a_conference_is_told_its_id(phones, listen):
    socket, other = listen("101"), listen("102")
    a, b, c = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    alone = socket.event(state="working")
    assert "conference_id" not in alone
    assert socket.command("call_consult", conversation_id=alone["id"], to_number="102", mode="conference").ok
    c.wait("connected")
    conference = socket.event(id=alone["id"], state="working")["conference_id"]
    joined = other.event(state="working")
    assert socket.conversation(state="working")["conference_id"] == conference
    assert other.command("participants", conference_id=joined["conference_id"]).status == 200
    answer = socket.command("participants", conference_id=conference)
    assert len(answer.node.find("response", "participants").children) == 3
    a.do("hangup")
    assert "conference_id" not in socket.event(id=alone["id"], state="working")


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
