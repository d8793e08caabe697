"""What a desk's socket is told when commands and the configuration change operators and queues, and when nobody takes
a caller; each event and snapshot is checked against its schema."""
import json

import pytest

from harness.centre import dial, queue
from harness.ecss import EcssSocket
from harness.schema import check, to_xml
from harness.waiting import until


@pytest.fixture
def listen(ending):
    def make(desk, operator):
        made = EcssSocket(desk.server, operator)
        ending.append(made)
        return made
    return make


def told(socket, name, child, **wanted):
    """(event, child) of the next such event, which fits its schema."""
    node, found = socket.desk_event(name, child, **wanted)
    check(name, f"<in><request>{to_xml(node)}</request></in>")
    return node, found


def snapshot(socket, name, child):
    """The children, of that name, of the snapshot that a new client begins with."""
    node, _ = told(socket, name, child)
    assert node.attributes["snapshot"] == "true"
    return [each.attributes for each in node.children if each.name == child]


def queues_of(agent):
    return [child.attributes["queue_id"] for child in agent.children]


def until_queues(socket, who, wanted):
    """The next event, snapshots left out, in which the operator serves these queues."""
    while True:
        node, agent = told(socket, "agents_info_event", "agent", agent_id=who)
        if "snapshot" not in node.attributes and queues_of(agent) == wanted:
            return node, agent


def test_who_serves_a_queue_is_told(centre, listen):
    desk = centre()
    boss, vera = listen(desk, "105"), listen(desk, "103")
    assert boss.command("add_to_queue", agent_id="103", queue_id="sales").ok
    for socket in (boss, vera):
        _, agent = until_queues(socket, "103", ["sales"])
        assert agent.attributes["state"] == "stopped"
    phone = desk.operator("103")
    dial(phone, "*167*sales")
    for socket in (boss, vera):
        until_queues(socket, "103", [])


def test_a_caller_whom_nobody_takes_is_told_to_wait_again(centre, listen):
    desk = centre(queue(on_rejected="auxwork"))
    boss = listen(desk, "105")
    b = desk.operator("101", reject=486)
    a, c = desk.phones("201"), desk.phones("202")
    a.call("600")
    told(boss, "queues_event", "caller", state="waiting", number="201")
    _, offered = told(boss, "queues_event", "caller", state="offered", number="201")
    assert offered.attributes["position"] == "1" and offered.attributes["agent_id"] == "101"
    told(boss, "queues_event", "caller", state="waiting", number="201", position="1")
    b.wait("ended")
    c.call("600")
    told(boss, "queues_event", "caller", state="waiting", number="202", position="2")
    late = listen(desk, "105")
    assert [(each["number"], each["state"], each["position"]) for each in snapshot(late, "queues_event", "caller")] == \
        [("201", "waiting", "1"), ("202", "waiting", "2")]
    a.do("hangup")
    told(boss, "queues_event", "caller", state="abandoned", number="201")
    latest = listen(desk, "105")
    assert [(each["number"], each["position"]) for each in snapshot(latest, "queues_event", "caller")] == [("202", "1")]


def test_a_reload_tells_of_the_operators_it_changed(centre, listen):
    desk = centre()
    boss, gleb = listen(desk, "105"), listen(desk, "104")
    config = json.loads(desk.server.config_file.read_text())
    domain = config["domains"]["demo.local"]
    people = {each["id"]: each for each in domain["operators"]}
    people["101"]["name"] = "Анна Новая"
    people["102"]["group"] = "support"
    people["201"] = {"id": "201", "name": "Новый", "password": "demo201", "number": "201", "group": "sales"}
    del people["104"]
    domain["operators"] = list(people.values())
    desk.server.config_file.write_text(json.dumps(config))
    desk.server.reload()
    told(boss, "agents_info_event", "agent", agent_id="101", display_name="Анна Новая")
    told(boss, "agents_info_event", "agent", agent_id="102", group="support")
    told(boss, "agents_info_event", "removed", agent_id="104")
    told(boss, "agents_info_event", "agent", agent_id="201", state="stopped")
    told(gleb, "agents_info_event", "removed", agent_id="104")
    late = listen(desk, "105")
    assert {each["agent_id"] for each in snapshot(late, "agents_info_event", "agent")} == {"101", "103", "105", "201"}
    people["105"]["supervisor"] = False
    desk.server.config_file.write_text(json.dumps(config))
    desk.server.reload()
    told(boss, "agents_info_event", "agent", agent_id="105", supervisor="false")
    until(lambda: boss.command("make_available").status == 401, what="the session to end")
    assert boss.login().status == 200
    assert [each["agent_id"] for each in snapshot(boss, "agents_info_event", "agent")] == ["105"]


def test_a_call_that_goes_on_is_in_the_figures(centre, listen):
    desk = centre(queue(service_level=60))
    boss = listen(desk, "105")
    b = desk.operator("101", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    b.wait("connected")

    def talk():
        agents = boss.ask("agents_list", agent_id="101").node.find("response", "agents_list").children
        return int(agents[0].attributes["talk_duration"])
    until(lambda: talk() >= 1, 8, "the talk to be counted")
    server = desk.server
    until(lambda: server.metric("patchbay_acd_handling_seconds_total", queue="sales", what="talk") > 1, 12, "the queue's talk")
    assert server.metric("patchbay_acd_operator_handling_seconds_total", operator="101", what="talk") > 1
    assert server.metric("patchbay_acd_operator_seconds_total", operator="101", state="busy") > 1
    assert server.metric("patchbay_acd_answered_in_time_total", queue="sales") == 1
    assert server.metric("patchbay_acd_callers_total", queue="sales", result="answered") == 1
