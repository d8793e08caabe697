"""Operators and queues over both transports: their states, their lists, a queue's call from the caller's first
music to the end of the after-call work, and the events of it all."""
import pytest

from harness.config import DOMAIN
from harness.ecss import Ecss, EcssSocket
from harness.json_desk import Desk
from harness.robot import MUSIC, audio
from harness.schema import check, checked_desks, to_xml, valid
from harness.waiting import until

QUEUES = [
    {"id": "sales", "number": "600", "name": "Sales & Co", "operators": ["101", "102"], "ring_time": 30, "wrap_up": 60},
    {"id": "help", "number": "601", "operators": ["106"], "ring_time": 30},
]


@pytest.fixture(scope="module")
def call_centre(tmp_path_factory):
    from harness.server import Server
    server = Server(tmp_path_factory.mktemp("desk"), {"domains": {DOMAIN: {"queues": QUEUES}}}).start()
    yield server
    server.close()


@pytest.fixture
def office(call_centre, phones_at):
    """Phones at the call centre's server; whoever logged in is logged out after the test."""
    call_centre.wait_idle(10)
    yield phones_at(call_centre)
    supervisors = [Ecss(call_centre, "105"), Ecss(call_centre, "106")]
    for who in ("101", "102", "103"):
        supervisors[0].ask("unblock_operator", agent_id=who)
        supervisors[0].command("force_logout", agent_id=who)
    supervisors[1].command("logout_agent")
    for client in supervisors:
        client.close()


@pytest.fixture(params=["xml", "frames"])
def desk_of(request, call_centre, ending):
    """desk_of(operator): that operator's client, over one transport in turn; every answer is checked."""
    return checked_desks(request.param, call_centre, ending)


@pytest.fixture
def open_desk(call_centre, ending):
    """A client of the JSON socket."""
    def make(operator, **options):
        made = Desk(call_centre, operator, **options)
        ending.append(made)
        return made
    return make


@pytest.fixture
def listen(call_centre, ending):
    def make(operator, **login):
        made = EcssSocket(call_centre, operator, login=not login)
        if login:
            assert made.login(**login).status == 200
        ending.append(made)
        return made
    return make


def refused(answer, status=403):
    assert answer.status == status and answer.reason == "cannot_perform_cmd", answer.raw
    return answer


def agents(desk, **filters):
    answer = desk.ask("agents_list", **filters)
    return {node.attributes["agent_id"]: node.attributes for node in answer.node.find("response", "agents_list").children}


def in_state(desk, who, state):
    return until(lambda: agents(desk).get(who, {}).get("state") == state and agents(desk)[who], 8, f"{who} {state}")


# operators

def test_an_operators_day(office, desk_of):
    desk = desk_of("101")
    office("101")
    assert agents(desk)["101"]["state"] == "stopped"
    refused(desk.command("make_available"))
    assert desk.command("login_agent").ok
    assert in_state(desk, "101", "available")["number"] == "101"
    assert desk.command("auxwork", reason="lunch").ok
    assert in_state(desk, "101", "auxwork")["reason"] == "lunch"
    assert desk.command("make_available").ok
    in_state(desk, "101", "available")
    assert desk.command("logout_agent").ok
    in_state(desk, "101", "stopped")
    refused(desk.command("logout_agent"))


def test_what_only_supervisors_do(office, desk_of):
    office("101")
    desk, boss = desk_of("101"), desk_of("105")
    assert desk.command("login_agent").ok
    refused(desk.ask("block_operator", agent_id="102"), status=200)  # [D]: 200 with the error
    refused(desk.command("force_logout", agent_id="101"))
    refused(desk.command("add_to_queue", queue_id="sales"))
    assert boss.ask("block_operator", agent_id="101").ok
    in_state(boss, "101", "blocked")
    refused(desk.command("make_available"))
    assert boss.ask("unblock_operator", agent_id="101").ok
    refused(boss.ask("unblock_operator", agent_id="101"), status=200)
    refused(boss.ask("block_operator", agent_id="nobody"), status=200)
    refused(boss.ask("block_operator", agent_id="106"), status=200)  # another group's
    assert boss.command("force_logout", agent_id="101").ok
    in_state(boss, "101", "stopped")


def test_a_number_has_one_operator(office, desk_of):
    office("101")
    assert desk_of("101").command("login_agent").ok
    refused(desk_of("102").command("login_agent", number="101"))
    refused(desk_of("102").command("login_agent", number="999"))
    answer = desk_of("102").command("login", login="102", password="demo102", number="101")
    assert answer.status == 401 and answer.error["body"]


def test_lists(desk_of):
    desk = desk_of("101")
    everybody = [node.attributes["agent_id"] for node in desk.ask("agent_list").node.find("response", "agent_list").children]
    assert everybody == ["101", "102", "103", "104", "105", "106"]
    assert len(desk.ask("agent_list", agent_id="102").node.find("response", "agent_list").children) == 1
    refused(desk.ask("agent_list", agent_id="nobody"))
    assert set(agents(desk, group="support")) == {"106"}
    groups = desk.ask("group_list").node.find("response", "group_list").children
    assert {group.attributes["group"] for group in groups} == {"sales", "support"}
    queues = desk.ask("all_queues").node.find("response", "all_queues").children
    assert {queue.attributes["queue_id"] for queue in queues} == {"sales", "help"}
    refused(desk.ask("all_queues", queue_id="nowhere"))


def test_who_serves_a_queue_changes(desk_of):
    boss = desk_of("105")

    def serving():
        queue = boss.ask("all_queues", queue_id="sales").node.find("response", "all_queues").children[0]
        return {agent.attributes["agent_id"] for agent in queue.children}
    assert serving() == {"101", "102"}
    assert boss.command("add_to_queue", agent_id="103", queue_id="sales").ok
    assert serving() == {"101", "102", "103"}
    assert boss.command("remove_from_queue", agent_id="103", queue_id="sales").ok
    assert serving() == {"101", "102"}
    refused(boss.command("add_to_queue", agent_id="103", queue_id="nowhere"))


# a queue's call

def test_a_queues_call_and_its_after_call_work(office, desk_of):
    a, b = office("201"), office("101", answer_after=0)
    desk = desk_of("101")
    a.call("600")
    a.wait("answered")
    audio({a: [MUSIC]})
    waiting = desk.ask("all_queues", queue_id="sales").node.find("response", "all_queues").children
    assert [node.attributes["number"] for node in waiting if node.name == "caller"] == ["201"]
    assert desk.command("login_agent").ok
    b.wait("connected")
    audio({a: [b], b: [a]})
    conversation = desk.conversation(state="working")
    assert conversation["queue_id"] == "sales" and conversation["remote_digits"] == "201"
    a.do("hangup")
    b.wait("ended")
    assert desk.conversation(state="acw")["id"] == conversation["id"]
    in_state(desk, "101", "acw")
    assert desk.command("call_complete", conversation_id=conversation["id"]).ok
    in_state(desk, "101", "available")
    assert desk.conversations() == []
    refused(desk.command("call_complete"))


def server_time(boss):
    """The server's second, as histories print it."""
    answer = boss.command("call_history", child="filters", limit=1)
    assert answer.status == 200, answer.raw
    return answer.node.find("response").attributes["timestamp"]


def next_second(boss):
    """Waits until the second is over, so that what comes has another time than what was."""
    now = server_time(boss)
    until(lambda: server_time(boss) > now, 5, "the next second")


def records(boss, **filters):
    answer = boss.command("call_history", child="filters", limit=100, **filters)
    assert answer.status == 200, answer.raw
    return [node.attributes for node in answer.node.find("response", "history").children]


def waiting_caller(boss, queue="sales"):
    listed = boss.ask("all_queues", queue_id=queue).node.find("response", "all_queues").children
    return next((node.attributes for node in listed if node.name == "caller"), None)


def records_of(boss, call_ref, **filters):
    return [each for each in records(boss, **filters) if each["call_ref"] == call_ref]


def test_a_caller_whom_nobody_took_is_in_the_supervisors_history(office, desk_of):
    boss, a = desk_of("105"), office("201")
    a.call("600")
    a.wait("answered")
    caller = until(lambda: waiting_caller(boss), 5, "the caller in the queue")
    next_second(boss)
    a.do("hangup")
    (record,) = until(lambda: records_of(boss, caller["call_ref"]), 8, "the record")
    assert record["digits_a"] == "201" and record["digits_b"] == "600" and record["queue_id"] == "sales"
    assert record["release_reason"] == "released_by_a" and record["start_time"] == record["answer_time"]
    assert int(record["waiting_duration"]) == int(record["total_duration"]) >= 1
    assert record["talk_duration"] == record["duration"] == "0"
    assert not {"agent_b_id", "distribution_time", "agent_answer_time"} & set(record)
    ref = caller["call_ref"]
    assert records_of(boss, ref, to_number="600") and records_of(boss, ref, cc_agent_b_group="sales", direction="in")
    assert not records_of(boss, ref, direction="out") and not records_of(boss, ref, cc_agent_id="101")


def test_a_queues_call_is_one_record_with_its_own_times(office, desk_of):
    boss, desk = desk_of("105"), desk_of("102")
    a, silent, b = office("201"), office("101", reject=486), office("102")
    a.call("600")
    a.wait("answered")
    ref = until(lambda: waiting_caller(boss), 5, "the caller in the queue")["call_ref"]
    next_second(boss)
    assert desk_of("101").command("login_agent").ok
    silent.wait("incoming")
    next_second(boss)
    assert desk.command("login_agent").ok
    b.wait("incoming")
    next_second(boss)
    b.do("answer")
    b.wait("connected")
    next_second(boss)
    a.do("hangup")
    b.wait("ended")
    (record,) = until(lambda: records_of(boss, ref), 8, "the record")
    assert record["agent_b_id"] == "102" and record["digits_a"] == "201" and record["digits_b"] == "102"
    assert record["start_time"] == record["answer_time"] < record["distribution_time"] < record["agent_answer_time"]
    assert record["agent_answer_time"] < record["release_time"]
    assert int(record["waiting_duration"]) >= 3 and int(record["talk_duration"]) >= 1
    assert int(record["waiting_duration"]) + int(record["talk_duration"]) == int(record["total_duration"])
    assert records_of(boss, ref, cc_agent_id="102", direction="in") == [record]
    assert desk.command("call_complete").ok


def intervals(desk, command, **attributes):
    answer = desk.ask(command, **attributes)
    assert answer.status == 200, answer.raw
    return [node.attributes for node in answer.node.find("response", command).children]


def test_what_was_counted(office, desk_of):
    """A queue's call is in the quarter of an hour that it fell into, and in all the time since the start."""
    desk, boss = desk_of("101"), desk_of("105")
    before = {what: intervals(boss, what, **one)[-1] for what, one in (
        ("queue_statistics", {"queue_id": "sales"}), ("agent_statistics", {"agent_id": "101"}))}
    a, b = office("201"), office("101", answer_after=0)
    assert desk.command("login_agent").ok
    a.call("600")
    b.wait("connected")
    a.do("hangup")
    b.wait("ended")
    in_state(boss, "101", "acw")
    assert desk.command("call_complete").ok
    for what, one, counted in (("queue_statistics", {"queue_id": "sales"}, ("entered", "answered")),
                               ("agent_statistics", {"agent_id": "101"}, ("answered",))):
        *quarters, total = intervals(boss, what, **one)
        assert total["begin"] == "" and quarters and all(quarter["begin"] for quarter in quarters)
        for figure in counted:
            assert int(total[figure]) == int(before[what][figure]) + 1
            assert sum(int(quarter[figure]) for quarter in quarters) == int(total[figure])
    assert {each["queue_id"] for each in intervals(boss, "queue_statistics")} == {"sales", "help"}
    assert {each["agent_id"] for each in intervals(boss, "agent_statistics")} >= {"101", "106"}


def test_a_session_ends_by_logout(call_centre, ending):
    web, frames = Ecss(call_centre, "101", basic=False), EcssSocket(call_centre, "101")
    ending.extend([web, frames])
    assert valid(web.login()).status == 200
    for client in (web, frames):
        assert client.conversations() == []
        assert valid(client.ask("logout")).ok
        assert valid(client.ask("conversations")).status == 401
        assert valid(client.login()).status == 200


def test_a_conversation_goes_into_a_queue_and_out(office, desk_of):
    a, b = office("201"), office("101", answer_after=0)
    desk, boss = desk_of("101"), desk_of("105")
    assert desk.command("login_agent").ok and desk.command("auxwork", reason="paper").ok
    office.talking(a, b)
    ident = desk.conversation(state="working")["id"]
    refused(desk.command("move_conversation_to_queue", conversation_id=ident, queue_id="nowhere"))
    assert desk.command("move_conversation_to_queue", conversation_id=ident, queue_id="sales").ok
    b.wait("ended", by="remote")
    audio({a: [MUSIC]})

    def caller(queue):
        listed = boss.ask("all_queues", queue_id=queue).node.find("response", "all_queues").children
        return next((node.attributes for node in listed if node.name == "caller"), None)
    waiting = until(lambda: caller("sales"), 5, "the caller in the queue")
    assert boss.command("move_conversation_to_queue", conversation_id=waiting["conversation_id"], queue_id="help").ok
    assert until(lambda: caller("help"), 5, "the caller in the other queue")["number"] == "201"
    refused(desk.command("remove_conversation_from_queue", conversation_id=waiting["conversation_id"]))
    assert boss.command("remove_conversation_from_queue", conversation_id=waiting["conversation_id"], to_number="101").ok
    b.wait("connected")
    audio({a: [b], b: [a]})
    refused(boss.command("remove_conversation_from_queue", conversation_id=waiting["conversation_id"]))


# the JSON socket

def test_a_queues_call_on_the_json_socket(office, open_desk):
    """A login that takes a phone, the queue's name, and after-call work from its begin to its end."""
    a, b = office("201"), office("101", answer_after=0)
    desk = open_desk("101", number="101")
    desk.subscribe()
    a.call("600")
    b.wait("connected")
    call = desk.call(status="working")
    assert call["acd"] == "true" and call["queueId"] == "sales" and call["queueDescription"] == "Sales & Co"
    a.do("hangup")
    b.wait("ended")
    assert desk.call(status="released")["id"] == call["id"]
    work = desk.call(status="acw")
    assert work["id"] == call["id"] and work["releaseTime"]
    assert desk.ask("call/complete", callId=call["id"])["payload"] == {"ok": {}}
    assert desk.call(status="finished")["id"] == call["id"]
    reply = desk.ask("call/complete", callId=call["id"])
    assert reply["status"] in (403, 404), reply


def test_a_number_that_is_taken_is_a_documented_refusal(office, open_desk):
    office("101")
    open_desk("101", number="101")
    late = open_desk("102", login=False)
    reply = late.ask("login", login="102", password="demo102", number="101")
    assert reply["status"] == 401
    assert reply["payload"]["error"] == {"reason": "not_authorized", "text": "Requested number is occupied"}
    assert late.ask("call/subscribe", operatorIds=[])["status"] == 401
    assert late.ask("login", login="102", password="demo102", number="102")["status"] == 200


def test_login_says_when_idle_operators_are_logged_out(own_server, ending):
    server = own_server(domains={DOMAIN: {"auto_logout": 600}})
    desk = Desk(server, "101", login=False)
    ending.append(desk)
    assert desk.ask("login", login="101", password="demo101")["payload"]["autoLogoutTimeout"] == 600


# events

def test_events_tell_of_operators_queues_and_callers(office, listen):
    a, b = office("201"), office("101")
    socket, boss, stranger = listen("101"), listen("105"), listen("106")
    for client in (socket, boss):
        node, _ = client.desk_event("agents_info_event", "agent", agent_id="101")
        assert node.attributes["snapshot"] == "true"
        check("agents_info_event", in_event(node))
    assert socket.command("login_agent").ok
    node, agent = socket.desk_event("agents_info_event", "agent", agent_id="101", state="available")
    check("agents_info_event", in_event(node))
    boss.desk_event("agents_info_event", "agent", agent_id="101", state="available")
    a.call("600")
    node, caller = boss.desk_event("queues_event", "caller", state="waiting", number="201")
    check("queues_event", in_event(node))
    socket.desk_event("queues_event", "caller", state="offered", agent_id="101")
    socket.desk_event("agents_info_event", "agent", agent_id="101", state="reserved")
    b.wait("incoming")
    b.do("answer")
    boss.desk_event("queues_event", "caller", state="answered", agent_id="101")
    socket.desk_event("agents_info_event", "agent", agent_id="101", state="busy")
    a.do("hangup")
    socket.event(state="released")
    acw = socket.event(state="acw")
    assert socket.command("call_complete").ok
    assert socket.event(state="finished")["id"] == acw["id"]
    with pytest.raises(AssertionError):
        stranger.desk_event("queues_event", "caller", timeout=0.3, queue_id="sales")


def in_event(node):
    return f"<in><request>{to_xml(node)}</request></in>"


def test_a_client_that_comes_back_hears_what_it_missed(office, listen):
    office("101")
    socket = listen("101")
    assert socket.command("login_agent").ok
    node, _ = socket.desk_event("agents_info_event", "agent", agent_id="101", state="available")
    seen = node.attributes["offset"]
    assert socket.command("auxwork", reason="tea").ok
    socket.desk_event("agents_info_event", "agent", agent_id="101", state="auxwork")
    socket.close()
    again = listen("101", desk_offset=seen)
    node, agent = again.desk_event("agents_info_event", "agent", agent_id="101")
    assert "snapshot" not in node.attributes and agent.attributes["reason"] == "tea"
    assert int(node.attributes["offset"]) > int(seen)
