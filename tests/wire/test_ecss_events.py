"""conversations_event: every change of the session's conversations, and nobody else's."""
import pytest

from harness.ecss import EcssSocket
from harness.json_desk import Desk
from harness.robot import audio
from harness.schema import check, to_xml
from harness.waiting import until
from harness.websocket import Closed


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


@pytest.mark.parametrize("kind", ["frames", "json"])
def test_a_subscriber_that_stops_reading_is_cut_off(server, phones, listen, ending, kind):
    """Calls go on and are told to others; the silent one is closed with 1013 and counted, once."""
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    desk = listen("101")
    ident = desk.conversation(state="working")["id"]
    before = server.metric("patchbay_http_sockets_cut_off_total")
    silent = (EcssSocket if kind == "frames" else Desk)(server, "105", narrow=True)
    ending.append(silent)
    if kind == "json":
        silent.subscribe("101")
    body = '[{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"%s","_attributes":{"conversation_id":"%s"}}]}]}]'
    frames = [desk.frame(verb, 1, body % (verb, ident)) for verb in ("call_hold", "call_unhold")] * 50

    rounds = []

    def cut_off():
        for frame in frames:
            desk.socket.send_text(frame)
        assert all(desk.next_answer()[16:19] == "200" for _ in frames)
        rounds.append(len(frames) // 2)
        return server.metric("patchbay_http_sockets_cut_off_total") - before
    assert until(cut_off, 30, "the silent subscriber's end") == 1
    for _ in range(sum(rounds)):
        desk.event(state="hold", id=ident)
        desk.event(state="working", id=ident)
    audio({a: [b], b: [a]})
    with pytest.raises(Closed) as closed:
        while True:
            silent.socket.receive_text(10)
    assert closed.value.code in (1013, None)  # None: it came to read after the grace the server leaves it
    again = listen("105")
    assert again.event(state="working", digits="101")["id"] == ident
