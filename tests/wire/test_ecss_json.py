"""ECSS's JSON socket: each action, its success and its errors."""
import pytest

from harness.json_desk import Desk
from harness.ecss import Ecss
from harness.robot import audio
from harness.waiting import until


@pytest.fixture
def open_desk(server, ending):
    def make(operator="101", **options):
        made = Desk(server, operator, **options)
        ending.append(made)
        return made
    return make


def error(reply):
    return reply["status"], reply["payload"]["error"]["reason"]


def test_login_says_who_and_how_long(open_desk):
    desk = open_desk(login=False)
    assert error(desk.ask("call/hold", callId="0" * 16)) == (401, "not_authorized")
    assert error(desk.ask("login", login="101", password="wrong")) == (401, "not_authorized")
    assert error(desk.ask("login", login="101@nowhere", password="demo101")) == (404, "unknown_domain")
    assert desk.ask("login", login="101", password="wrong")["payload"]["error"]["text"] == "Invalid login or password"
    reply = desk.ask("login", login="105@demo.local", password="demo105")
    assert reply["status"] == 200
    assert reply["payload"]["supervisor"] == "true" and reply["payload"]["autoLogoutTimeout"] == 1800
    assert len(reply["payload"]["token"]) == 32
    assert desk.ask("logout")["payload"] == {"ok": {}}
    assert error(desk.ask("call/get", callRef="1")) == (401, "not_authorized")


def test_a_call_is_told_from_its_first_ring_to_its_end(phones, open_desk):
    desk = open_desk()
    assert desk.subscribe() == []
    a, b = phones("201", name="Customer One"), phones("101", answer_after=0)
    phones.talking(a, b)
    rings = desk.call(status="alerting")
    works = desk.call(status="working", id=rings["id"])
    assert works["numberA"] == "201" and works["numberB"] == "101" and works["displayNameA"] == "Customer One"
    assert works["operatorId"] == "101" and works["direction"] == "in" and works["acd"] == "false"
    assert works["startTime"] <= works["answerTime"] and works["answerTime"].endswith("Z")
    found = desk.ask("call/get", callRef=works["callRef"])
    assert [call["id"] for call in found["payload"]["calls"]] == [works["id"]]
    assert [call["id"] for call in desk.subscribe()] == [works["id"]]
    assert works["releaseTime"] == works["conferenceId"] == works["queueDescription"] == ""
    a.do("hangup")
    ended = desk.call(status="released")
    assert ended["id"] == works["id"] and ended["releaseTime"] >= works["answerTime"]
    assert error(desk.ask("call/get", callRef=works["callRef"])) == (404, "no_such_leg")


def test_hold_and_retrieve(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    call = desk.call(status="working")["id"]
    assert desk.ask("call/hold", callId=call)["payload"] == {"ok": {}}
    assert desk.call(status="hold")["id"] == call
    assert error(desk.ask("call/hold", callId=call)) == (409, "wrong_state")
    assert desk.ask("call/retrieve", callId=call)["payload"] == {"ok": {}}
    assert desk.call(status="working")["id"] == call
    audio({a: [b], b: [a]})
    assert error(desk.ask("call/unhold", callId=call)) == (409, "wrong_state")
    assert error(desk.ask("call/hold", callId="0" * 15 + "1")) == (404, "no_such_leg")
    assert error(desk.ask("call/hold", callId="nonsense")) == (404, "no_such_leg")
    assert error(desk.ask("call/hold")) == (400, "invalid_request")


def test_transfer_to_a_number_and_of_two_calls(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b, c = phones("201"), phones("101", answer_after=0), phones("202", answer_after=0)
    phones.talking(a, b)
    call = desk.call(status="working")["id"]
    assert error(desk.ask("call/transfer", callId=call)) == (400, "invalid_request")
    assert error(desk.ask("call/transfer", callId=call, number="888"))[0] == 403
    assert desk.ask("call/transfer", callId=call, number="202")["status"] == 200
    c.wait("connected")
    b.wait("ended")
    audio({a: [c], c: [a]})


def test_two_calls_are_transferred_to_each_other(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b, c = phones("201"), phones("101", answer_after=0), phones("202")
    phones.talking(a, b)
    first = desk.call(status="working", numberA="201")["id"]
    phones.talking(c, b)
    second = desk.call(status="working", numberA="202")["id"]
    assert error(desk.ask("call/transfer", callId=second, destinationCallId="0" * 15 + "1")) == (404, "no_such_leg")
    assert desk.ask("call/transfer", callId=second, destinationCallId=first)["status"] == 200
    assert {desk.call(status="released")["id"], desk.call(status="released")["id"]} == {first, second}
    audio({a: [c], c: [a]})


def test_consult_lets_a_colleague_listen(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b, c = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    call = desk.call(status="working")["id"]
    assert error(desk.ask("call/consult", callId=call, number="102", mode="shout")) == (400, "invalid_request")
    assert error(desk.ask("call/consult", callId=call)) == (400, "invalid_request")
    assert desk.ask("call/consult", callId=call, number="102", mode="conference")["status"] == 200
    c.wait("connected")
    audio({a: [b, c], b: [a, c], c: [a, b]})


def test_a_call_is_accepted_rejected_and_completed(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    call = desk.call(status="alerting")["id"]
    assert desk.ask("call/reject", callId=call)["status"] == 200
    a.wait("ended")
    assert error(desk.ask("call/reject", callId=call)) == (404, "no_such_leg")
    a.call("101")
    incoming = b.wait("incoming")["call"]
    call = desk.call(status="alerting")["id"]
    b.do("answer", call=incoming)
    b.wait("connected")
    desk.call(status="working", id=call)
    assert error(desk.ask("call/accept", callId=call)) == (409, "wrong_state")
    assert desk.ask("call/complete", callId=call)["status"] == 200
    b.wait("ended")
    assert error(desk.ask("call/release", callId=call)) == (404, "no_such_leg")


def test_accept_answers_the_phone_that_rings(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b = phones("201"), phones("101", talk_event=True)
    a.call("101")
    b.wait("incoming")
    call = desk.call(status="alerting")["id"]
    assert desk.ask("call/accept", callId=call)["payload"] == {"ok": {}}
    b.wait("connected")
    assert desk.call(status="working")["id"] == call
    audio({a: [b], b: [a]})


def test_accept_says_when_the_phone_cannot(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    assert error(desk.ask("call/accept", callId=desk.call(status="alerting")["id"])) == (403, "cannot_answer")


def test_who_is_in_a_conference_is_told_so(phones, open_desk):
    desk, other = open_desk(), open_desk("102")
    desk.subscribe(), other.subscribe()
    a, b, c = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    call = desk.call(status="working")["id"]
    assert desk.ask("call/consult", callId=call, number="102", mode="conference")["status"] == 200
    c.wait("connected")
    assert desk.call(id=call)["conferenceId"] == call
    joined = other.call(status="working")
    assert joined["conferenceId"] == joined["id"]
    assert desk.ask("call/get", callRef=joined["callRef"])["payload"]["calls"][0]["conferenceId"] == call
    a.do("hangup")
    assert desk.call(id=call)["conferenceId"] == ""


def test_who_asks_before_a_transfer_is_on_consultation(phones, open_desk, ending, server):
    desk, web = open_desk(), Ecss(server, "101")
    ending.append(web)
    desk.subscribe()
    a, b, c = phones("201"), phones("101", answer_after=0), phones("202", answer_after=0)
    phones.talking(a, b)
    call = desk.call(status="working")
    assert call["onConsultation"] == "false"
    assert web.command("call_attended_transfer", conversation_id=call["id"], to_number="202").ok
    c.wait("connected")
    asked = desk.call(id=call["id"], onConsultation="true")
    assert asked["conferenceId"] == "", "two that talk and one that waits are no conference"
    c.do("hangup")
    assert desk.call(id=call["id"], onConsultation="false")["status"] == "working"


def test_a_supervisor_that_listens_says_so(phones, open_desk, server, ending):
    boss, web = open_desk("105"), Ecss(server, "105")
    ending.append(web)
    boss.subscribe("101", "105")
    a, b, ear = phones("201"), phones("101", answer_after=0), phones("105", answer_after=0)
    phones.talking(a, b)
    call = boss.call(status="working")["id"]
    assert web.command("call_supervise", conversation_id=call, mode="observing").ok
    ear.wait("connected")
    heard = boss.call(status="working", operatorId="105")
    assert heard["supervising"] == "true" and heard["isConsult"] == "false"


def test_a_parked_call_names_its_slot(phones, open_desk, desk):
    waits, crm = open_desk("102"), desk("ringme", "101")
    waits.subscribe()
    a, b = phones("102"), phones("101", answer_after=0)
    phones.talking(a, b)
    assert crm.park(crm.leg("101")), crm.reply
    parked = waits.call(status="hold")
    assert parked["parkSlot"] == str(crm.reply.body["park_slot"])
    assert "parkSlot" in waits.ask("call/get", callRef=parked["callRef"])["payload"]["calls"][0]


def test_make_call_rings_the_own_phone_first(phones, open_desk):
    desk = open_desk()
    desk.subscribe()
    assert error(desk.ask("call/makeCall", number="201"))[0] == 403, "not registered on a phone"
    assert error(desk.ask("call/makeCall")) == (400, "invalid_request")
    b, a = phones("101", answer_after=0), phones("201", answer_after=0)
    reply = desk.ask("call/makeCall", number="201")
    assert reply["status"] == 200, reply
    assert len(reply["payload"]["ok"]["internalCallId"]) == 16
    a.wait("connected")
    audio({a: [b], b: [a]})


def test_make_call_to_an_operator_and_one_at_a_time(phones, open_desk):
    desk = open_desk()
    b, c = phones("101"), phones("102", answer_after=0)
    reply = desk.ask("call/makeCall", operatorId="102")
    assert reply["status"] == 200, reply
    incoming = b.wait("incoming")["call"]
    assert error(desk.ask("call/makeCall", number="201")) == (409, "in_progress")
    b.do("answer", call=incoming)
    c.wait("connected")
    audio({c: [b], b: [c]})


def test_only_a_supervisor_hears_of_others(phones, open_desk):
    desk, boss = open_desk(), open_desk("105")
    assert error(desk.ask("call/subscribe", operatorIds=["102"])) == (403, "cannot_perform_cmd")
    boss.subscribe("101", "102")
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    call = boss.call(status="working")
    assert call["operatorId"] == "101"
    assert error(desk.ask("call/hold", callId=call["id"], operatorId="102")) == (403, "cannot_perform_cmd")
    assert boss.ask("call/hold", callId=call["id"], operatorId="101")["status"] == 200


def states(desk, count):
    """The next changes: (operator, status) each."""
    return [(call["operatorId"], call["status"]) for call in (desk.call() for _ in range(count))]


def test_who_comes_back_is_told_exactly_what_it_missed(phones, open_desk):
    boss = open_desk("105")
    assert boss.subscribe("101", "102") == [] and boss.resumed == "false"
    a, b, other = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    while boss.call()["status"] != "working":
        pass
    seen = boss.offset
    boss.close()
    b.do("hold")
    b.wait("reply", status=200)
    phones.talking(phones("202"), other)
    witness = open_desk("105")
    until(lambda: {"hold", "working"} == {call["status"] for call in witness.subscribe("101", "102")}, what="both calls")
    again = open_desk("105")
    assert again.subscribe("101", "102", offset=seen) == [] and again.resumed == "true" and again.offset == seen
    came = states(again, 4)
    assert came[0] == ("101", "hold") and came[1] == ("102", "initiating") and came[-1] == ("102", "working"), came
    a.do("hangup")
    again.call(operatorId="101", status="released")
    for unknown in ("999999999", "nonsense"):
        assert [call["operatorId"] for call in again.subscribe("102", offset=unknown)] == ["102"]
        assert again.resumed == "false"


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"action":1}', '{"action":"login","payload":[]}',
                                  '{"action":"login","requestId":{},"payload":{}}', '{"action":"login","payload":{"login":{}}}',
                                  "[" * 10_000, '{"action":"a","requestId":"' + "x" * 300 + '"}'])
def test_what_is_no_request_is_said_so_and_the_socket_goes_on(open_desk, text):
    desk = open_desk()
    reply = desk.raw(text)
    assert reply["status"] == 400 and reply["payload"]["error"]["reason"] == "bad_json"
    assert error(desk.ask("call/dance")) == (404, "unknown_command")
