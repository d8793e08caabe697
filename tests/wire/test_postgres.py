"""History in PostgreSQL: the same answers, and a database that goes away while calls go on."""
import json

import pytest

from harness.ecss import Ecss
from harness.postgres import Postgres
from harness.waiting import until


@pytest.fixture
def database(ending):
    made = Postgres()
    ending.append(made)
    return made


def history(server, **filters):
    client = Ecss(server, "101")
    try:
        answer = client.command("operator_call_history", child="filters", limit=50, **filters)
        if answer.status != 200:
            return None
        return [record.attributes for record in answer.node.find("response", "history").children]
    finally:
        client.close()


def one_call(phones, a, b):
    call = phones.talking(a, b)
    a.do("hangup", call=call)
    b.wait("ended")


def test_calls_are_in_history_and_are_kept_over_a_restart(own_server, phones_at, database):
    server = own_server(storage={"url": database.url})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    one_call(phones, a, b)
    record = until(lambda: history(server), what="the record")[0]
    assert record["remote_digits"] == "201" and record["release_reason"] == "released_by_a"
    assert len(history(server, number="201")) == 1 and not history(server, number="202")
    server.stop()
    server.start()
    assert history(server) == [record]
    assert database.sql("SELECT count(*) FROM patchbay.cdr") == "2"


def test_calls_go_on_while_the_database_is_away_and_nothing_is_lost(own_server, phones_at, database):
    server = own_server(storage={"url": database.url})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    one_call(phones, a, b)
    until(lambda: history(server), what="the first record")
    database.stop()
    for _ in range(3):
        one_call(phones, a, b)
    until(lambda: server.metric("patchbay_history_store_up") == 0, what="the metric to say so")
    status, text = server.get("/readyz")
    assert status == 200 and "calls go on" in json.loads(text)["checks"]["history"]
    assert history(server) is None
    # Not even a restart loses what waits.
    server.stop()
    server.start()
    one_call(phones, a, b)
    database.start()
    until(lambda: server.metric("patchbay_history_store_up") == 1, 15, "the metric to say that it is back")
    until(lambda: len(history(server) or []) == 5, 15, "the records that waited")
    assert len({record["call_ref"] for record in history(server)}) == 5
    until(lambda: json.loads(server.get("/readyz")[1])["checks"]["history"] == "ok", what="/readyz to say so")
    log = server.log(10_000)
    assert "PostgreSQL is away" in log and log.count("the store refuses") == 2 and log.count("the store is back") >= 1
    assert database.sql("SELECT count(*) FROM patchbay.cdr") == "10"


def test_a_database_that_refuses_ends_the_start_with_its_words(own_server, database):
    with pytest.raises(AssertionError, match="no_such"):
        own_server(storage={"url": database.url.replace("/postgres?", "/no_such?")})
