"""What a crash, a restart and a reload cost."""
import json

from harness.ecss import Ecss, EcssSocket
from harness.json_desk import Desk
from harness.robot import audio
from harness.waiting import until


def history(server, operator="101"):
    client = Ecss(server, operator)
    try:
        answer = client.command("operator_call_history", child="filters", limit=50)
        assert answer.status == 200, answer.raw
        return [record.attributes for record in answer.node.find("response", "history").children]
    finally:
        client.close()


def test_kill_9_closes_open_calls_in_history(own_server, phones_at):
    server = own_server()
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    # Heard of over the interface means: it is in the journal.
    client = Ecss(server, "101")
    ref = client.conversation(state="working")["call_ref"]
    client.close()
    # Where the phones are is on the disk within a second or two.
    bindings = server.folder / "data" / "bindings"
    until(lambda: bindings.exists() and "101" in bindings.read_text(), what="the phones' bindings on disk")
    server.kill()
    server.start()
    record = until(lambda: history(server), what="the open call in history")[0]
    assert record["call_ref"] == ref
    assert record["release_reason"] == "released_by_system"
    assert record["answer_time"]
    server.wait_idle()
    # And the phones, which heard nothing of it, can call again.
    a.do("hangup")
    b.do("hangup")
    a.wait("ended")
    b.wait("ended")
    phones.talking(a, b)
    audio({a: [b], b: [a]})


def test_an_ended_call_is_in_history_once_after_a_crash(own_server, phones_at):
    server = own_server()
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("hangup")
    b.wait("ended")
    until(lambda: history(server), what="the record")
    server.kill()
    server.start()
    records = history(server)
    assert len(records) == 1
    assert records[0]["release_reason"] == "released_by_a"


def test_sigterm_lets_calls_end_and_takes_no_new_ones(own_server, phones_at):
    server = own_server(node={"drain_timeout": 20})
    phones = phones_at(server)
    a, b, c = phones("201"), phones("101", answer_after=0), phones("202")
    phones.talking(a, b)
    server.process.terminate()
    until(lambda: server.get("/readyz")[0] == 503, what="/readyz to say so")
    c.call("101")
    c.wait("ended", status=503)
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended", by="remote")
    assert server.process.wait(10) == 0
    server.process = None


def test_a_reload_touches_no_call(own_server, phones_at):
    server = own_server()
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    config = json.loads(server.config_file.read_text())
    domain = config["domains"]["demo.local"]
    domain["extensions"].append({"id": 300, "number": "300", "name": "New", "password": "demo300"})
    server.config_file.write_text(json.dumps(config))
    server.reload()
    new = phones("300", registered=False)

    def registers():
        new.do("register")
        try:
            return new.wait("registered", timeout=0.5)
        except AssertionError:
            return None
    until(registers, 8, "the new extension")
    audio({a: [b], b: [a]})


def test_a_reload_names_what_waits_for_the_next_start(own_server):
    server = own_server()
    config = json.loads(server.config_file.read_text())
    server.config_file.write_text(json.dumps(config | {"sip": {"udp": "127.0.0.1:1", "tcp": config["sip"]["tcp"]}}))
    server.reload()
    until(lambda: "configuration reloaded" in server.log(), what="the reload")
    assert "sip.udp stays as it was until the next start" in server.log()
    assert "sip.tcp stays" not in server.log()


def test_offsets_stay_good_over_a_restart(own_server, phones_at, ending):
    """Calls are told exactly as the journal has them; operators and queues, which begin anew, as a snapshot."""
    server = own_server(domains={"demo.local": {"queues": [{"id": "sales", "number": "600", "operators": ["101"]}]}})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    first, desk = EcssSocket(server, "101"), Desk(server, "101")
    desk.subscribe()
    assert first.command("login_agent").ok
    phones.talking(a, b)
    seen = first.event(state="working")
    desk.call(status="working")
    node, _ = first.desk_event("agents_info_event", "agent", state="busy")
    first.close(), desk.close()
    b.do("hold")
    b.wait("reply", status=200)
    a.do("hangup")
    b.wait("ended")
    until(lambda: history(server), what="the record")
    server.stop()
    server.start()
    again = EcssSocket(server, "101", login=False)
    ending.append(again)
    assert again.login(offset=seen["offset"], desk_offset=node.attributes["offset"]).status == 200
    assert again.event(id=seen["id"])["state"] == "hold"
    assert again.event(id=seen["id"])["state"] == "released"
    snapshot, agent = again.desk_event("agents_info_event", "agent", agent_id="101")
    assert snapshot.attributes["snapshot"] == "true" and agent.attributes["state"] == "stopped"
    other = Desk(server, "101")
    ending.append(other)
    assert other.subscribe(offset=desk.offset) == [] and other.resumed == "true"
    assert [other.call()["status"], other.call()["status"]] == ["hold", "released"]


def test_a_wrong_file_changes_nothing(own_server, phones_at):
    server = own_server()
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    good = server.config_file.read_text()
    server.config_file.write_text("node: { nam: x }\nsip: [\n")
    server.reload()
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    server.config_file.write_text(good)
