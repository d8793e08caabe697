"""What operator_call_history says of calls that were made."""
import pytest

from harness.ecss import Ecss, EcssSocket
from harness.waiting import until


@pytest.fixture(params=[Ecss, EcssSocket], ids=["xml", "frames"])
def client(request, server, ending):
    made = request.param(server, "103")
    ending.append(made)
    return made


def records(client, **filters):
    filters = {"limit": 50, **filters}
    answer = client.command("operator_call_history", child="filters", **filters)
    assert answer.status == 200, answer.raw
    history = answer.node.find("response", "history")
    return [record.attributes for record in history.children], history.attributes.get("tag")


def new_record(client, known, **wanted):
    refs = {record["call_ref"] for record in known}
    return until(lambda: next((r for r in records(client)[0] if r["call_ref"] not in refs), None),
                 what="the call's record")


def test_an_answered_call(phones, client):
    known, _ = records(client)
    a, b = phones("201", name="Customer One"), phones("103", answer_after=0)
    phones.talking(a, b)
    b.do("hangup")
    a.wait("ended")
    record = new_record(client, known)
    assert record["direction"] == "in"
    assert record["digits"] == "103" and record["remote_digits"] == "201"
    assert record["display_name"] == "Вера"
    assert record["release_reason"] == "released_by_b"
    assert record["answer_time"] >= record["start_time"]
    assert int(record["total_duration"]) >= int(record["talk_duration"]) >= int(record["duration"])


def test_an_outgoing_call_that_was_given_up(phones, client):
    known, _ = records(client)
    a, b = phones("103"), phones("201")
    a.call("201")
    b.wait("incoming")
    a.wait("ringing")
    a.do("cancel")
    a.wait("ended")
    record = new_record(client, known)
    assert record["direction"] == "out"
    assert record["answer_time"] == "" and record["talk_duration"] == "0"
    assert record["release_reason"] == "released_by_a"


def test_pages_by_tag_while_calls_go_on_being_added(phones, client):
    a, b = phones("201"), phones("103", answer_after=0)

    def one_call():
        known, _ = records(client)
        call = phones.talking(a, b)
        a.do("hangup", call=call)
        b.wait("ended")
        new_record(client, known)
    for _ in range(3):
        one_call()
    everything = [r["call_ref"] for r in records(client)[0]]
    page, tag = records(client, limit=2)
    assert [r["call_ref"] for r in page] == everything[:2]
    one_call()
    following, _ = records(client, limit=2, tag=tag)
    assert [r["call_ref"] for r in following] == everything[2:4]


@pytest.mark.parametrize("tag", ["nonsense", "AAAA", "g2gEZAADdGFn"])
def test_a_forged_tag_is_a_clear_error(client, tag):
    answer = client.command("operator_call_history", child="filters", limit=5, tag=tag)
    assert answer.status in (400, 403)
    assert answer.error["body"]


def test_a_transferred_call_has_one_record_for_each_leg(phones, client, desk):
    known, _ = records(client)
    a, b, s = phones("201"), phones("103", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    crm = desk("xml", "103")
    assert crm.transfer(crm.leg("103"), "102")
    s.wait("connected")
    b.wait("ended")
    record = new_record(client, known)
    assert record["digits"] == "103"
    a.do("hangup")
    s.wait("ended")
    assert sum(r["call_ref"] == record["call_ref"] for r in records(client)[0]) == 1
