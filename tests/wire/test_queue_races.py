"""What crosses, comes late or is taken away in a call centre: whoever waits is served, and nobody stays reserved."""
import pytest

from harness.centre import queue
from harness.config import DOMAIN, PEOPLE, password
from harness.ecss import Ecss, EcssSocket
from harness.robot import audio
from harness.waiting import until


@pytest.fixture
def client(ending):
    def make(desk, operator, transport=Ecss):
        made = transport(desk.server, operator)
        ending.append(made)
        return made
    return make


def state(client, who):
    answer = client.ask("agents_list", agent_id=who)
    return answer.node.find("response", "agents_list", "agent").attributes["state"]


def test_a_phone_that_is_not_registered_is_passed_over(centre, client):
    desk = centre()
    boss = client(desk, "105")
    assert boss.command("login_agent", agent_id="101").ok  # first in the list, and has no phone
    b = desk.operator("102", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    b.wait("connected")
    audio({a: [b], b: [a]})
    assert state(boss, "101") == "available"


def test_after_call_work_is_known_where_nobody_has_a_socket(centre, client):
    desk = centre(queue(wrap_up=60))
    b = desk.operator("101", answer_after=0)
    operator = client(desk, "101")
    a = desk.phones("201")
    a.call("600")
    b.wait("connected")
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended")
    work = operator.conversation(state="acw")
    assert operator.command("call_complete", conversation_id=work["id"]).ok


def test_an_answer_that_crosses_its_taking_back(centre, client):
    desk = centre(queue(ring_time=2))
    late, next_one = desk.operator("101"), desk.operator("102")
    late.do("on", fact={"event": "request", "method": "CANCEL"}, do={"cmd": "answer"})
    a = desk.phones("201")
    a.call("600")
    ringing = late.wait("incoming")["call"]
    next_one.wait("incoming")
    next_one.do("answer")
    next_one.wait("connected")
    late.wait("ended", call=ringing)
    audio({a: [next_one], next_one: [a]})
    boss = client(desk, "105")
    until(lambda: (state(boss, "101"), state(boss, "102")) == ("available", "busy"), what="one of them busy")
    a.do("hangup")
    next_one.wait("ended")
    desk.server.wait_idle()


def test_two_operators_answer_in_the_same_instant(centre, client):
    desk = centre(queue(strategy="ring_all", wrap_up=0))
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    first.wait("incoming")
    second.wait("incoming")
    first.tell("answer")
    second.tell("answer")
    boss = client(desk, "105")
    until(lambda: sorted([state(boss, "101"), state(boss, "102")]) == ["available", "busy"], what="one of them busy")
    taker = first if state(boss, "101") == "busy" else second
    audio({a: [taker], taker: [a]})
    assert desk.totals()["answered"] == "1"


def test_two_supervisors_on_one_call(centre, client):
    people = [{"id": number, "name": PEOPLE[number][0], "password": password(number), "number": number, "group": "sales",
               "supervisor": number in ("104", "105")} for number in ("101", "102", "104", "105")]
    desk = centre(queue(), operators=people)
    a, b = desk.phones("201"), desk.phones("101", answer_after=0)
    s, t = desk.phones("104", answer_after=0), desk.phones("105", answer_after=0)
    desk.phones.talking(a, b)
    first, second = client(desk, "104"), client(desk, "105")
    ident = first.conversation(operator_id="101")["id"]
    for boss, phone, mode in ((first, s, "observing"), (second, t, "consult")):
        assert boss.command("call_supervise", conversation_id=ident, mode=mode).ok
        phone.wait("connected")
    audio({a: [b], b: [a, t], s: [a, b], t: [a, b]})
    assert first.command("call_supervise", conversation_id=ident, mode="conference").ok
    audio({a: [b, s], b: [a, s, t], s: [a, b], t: [a, b, s]})
    s.do("hangup")
    audio({a: [b], b: [a, t], t: [a, b]})
    a.do("hangup")
    t.wait("ended", by="remote")


def test_a_queue_that_is_removed_while_full(centre, client):
    desk = centre(queue(length=2, overflow="106"), queue(id="other", number="601", operators=[]))
    b, other = desk.operator("101"), desk.phones("106", answer_after=0)
    boss = client(desk, "105", EcssSocket)
    first, second = desk.phones("201"), desk.phones("202")
    first.call("600")
    ringing = b.wait("incoming", **{"from": "201"})["call"]
    second.call("600")
    until(lambda: desk.waiting() == 2, what="a full queue")
    desk.server.configure({"domains": {DOMAIN: {"queues": [queue(id="other", number="601", operators=[])]}}})
    desk.server.reload()
    boss.desk_event("queues_event", "removed", queue_id="sales")
    b.wait("ended", call=ringing, by="remote")
    other.wait("incoming", **{"from": "201"})
    other.wait("connected")
    assert not b.facts("connected", call=ringing)
    until(lambda: state(boss, "101") == "available", what="the operator to be free")
    first.do("hangup")
    second.do("hangup")
    desk.server.wait_idle()
    late = desk.phones("102")
    assert late.call("600") and late.wait("ended")["status"] == 404


def test_who_logs_in_twice_works_where_it_logged_in_last(centre, client):
    desk = centre()
    first = desk.operator("101")
    second = desk.operator("101", at="103", answer_after=0)
    boss = client(desk, "105")
    assert boss.ask("agents_list", agent_id="101").node.find(
        "response", "agents_list", "agent").attributes["number"] == "103"
    a = desk.phones("201")
    a.call("600")
    second.wait("connected")
    audio({a: [second], second: [a]})
    assert not first.facts("incoming")
    assert client(desk, "101").conversation(state="working")["digits"] == "103"


def test_calls_of_who_has_logged_out(centre, client):
    """They are the operator's all the same, as before the first login: its supervisor sees them."""
    desk = centre()
    b = desk.operator("101", answer_after=0)
    me, boss = client(desk, "101"), client(desk, "105")
    assert me.command("logout_agent").ok
    a = desk.phones("201")
    desk.phones.talking(a, b)
    ident = boss.conversation(operator_id="101", state="working")["id"]
    assert me.conversation(state="working")["id"] == ident
    assert state(boss, "101") == "stopped"
    assert me.command("login_agent").ok
    assert state(boss, "101") == "busy"
    assert me.command("call_release", conversation_id=ident).ok
    a.wait("ended")
    until(lambda: state(boss, "101") == "available", what="the operator to be free")


def test_who_logs_in_at_a_phone_that_talks_has_its_call(centre, client):
    desk = centre()
    a, b = desk.phones("202"), desk.phones("201", answer_after=0)  # nobody's phone
    desk.phones.talking(a, b)
    me, boss = client(desk, "101", EcssSocket), client(desk, "105")
    assert me.conversations() == []
    assert me.command("login_agent", number="201").ok
    working = me.event(state="working", digits="201")
    until(lambda: state(boss, "101") == "busy", what="the operator to be busy")
    assert boss.conversation(operator_id="101")["id"] == working["id"]
    assert me.command("call_hold", conversation_id=working["id"]).ok
    a.do("hangup")
    me.event(id=working["id"], state="released")
    until(lambda: state(boss, "101") == "available", what="the operator to be free")
