"""The Ringme interface beside its nine actions, which test_audio_table.py proves."""
import gzip
import re
import threading

import pytest

from harness.config import OUTSIDE_NUMBER
from harness.ringme import Ringme
from harness.robot import audio
from harness.server import counts
from harness.waiting import until


@pytest.fixture
def crm(server, ending):
    made = Ringme(server)
    ending.append(made)
    return made


@pytest.fixture
def talk(phones):
    a, b = phones("201", name="Customer One"), phones("101", answer_after=0)
    phones.talking(a, b)
    return a, b


FIELDS = ["call_api_id", "record_uuid", "call_flow", "called_number", "called_did", "init_time_gmt", "answer_time_gmt",
          "caller_id_number", "caller_id_name", "caller_extension", "called_extension", "real_call"]


def test_a_list_before_during_and_after_a_call(crm, phones):
    assert crm.list("101") == []
    a, b = phones("201", name="Customer One"), phones("101")
    a.call("101")
    ringing = crm.call("101")
    assert ringing["answer_time_gmt"] is None
    b.do("answer")
    call = crm.call("101", condition=lambda c: c["answer_time_gmt"])
    assert all(field in call for field in FIELDS)
    assert call["call_api_id"] == ringing["call_api_id"]
    assert re.fullmatch("[0-9a-f]{32}", call["call_api_id"])
    assert call["call_flow"] == "in" and call["called_number"] == "101"
    assert call["caller_id_number"] == "201" and call["caller_id_name"] == "Customer One"
    assert call["called_extension"]["name"] == "1000*101" and call["called_extension"]["id"] == 101
    assert call["caller_extension"]["name"] == "1000*201"
    assert call["real_call"] is True
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", call["init_time_gmt"])
    a.do("hangup")
    until(lambda: not crm.list("101"), what="an empty list")


def test_both_ends_of_a_call_are_in_the_clients_list(crm, talk):
    calls = crm.list_client()
    assert sorted(call["call_flow"] for call in calls) == ["in", "out"]
    assert len({call["call_api_id"] for call in calls}) == 2
    assert len(crm.list_client("1")) == 2


def test_a_call_from_outside(crm, phones, server):
    provider = phones("provider", registered=False, address="127.0.0.3", port=server.trunk_port,
                      domain="127.0.0.3", user="+49301234567")
    phones("101", answer_after=0)
    provider.call(f"sip:{OUTSIDE_NUMBER}@127.0.0.1")
    provider.wait("answered")
    call = crm.call("101")
    assert call["called_did"] == OUTSIDE_NUMBER
    assert call["caller_extension"] is None


def test_one_call(crm, talk):
    ident = crm.call("101")["call_api_id"]
    reply = crm.get("101", ident)
    assert reply.status == 200 and reply.body["call_api_id"] == ident
    assert crm.get("102", ident).status == 404
    assert crm.get("101", "0" * 32).status == 404


def test_paths_with_and_without_base_and_slash(crm, talk):
    for base in ("/api/ver1.0", ""):
        for slash in ("", "/"):
            reply = crm.request("GET", "/extension/101/current_calls" + slash, base=base)
            assert reply.status == 200 and len(reply.body["call_list"]) == 1


def test_put_answers_the_updated_call(crm, talk):
    ident = crm.call("101")["call_api_id"]
    reply = crm.put("101", ident, "hold")
    assert reply.status == 200 and reply.body["call_api_id"] == ident
    crm.put("101", ident, "offhold")


def test_delete_hangs_up_once(crm, talk):
    a, b = talk
    ident = crm.call("101")["call_api_id"]
    reply = crm.delete("101", ident)
    assert reply.status == 204 and reply.body is None
    a.wait("ended", by="remote")
    assert crm.delete("101", ident).status == 404


@pytest.mark.parametrize("body,status", [
    ("", 400), ("{", 400), ("[]", 400), ("null", 400), ({}, 400), ({"action": 5}, 400), ({"action": "fly"}, 400),
    ({"action": "transfer"}, 400), ({"action": "transfer", "send_dst": 102}, 400),
    ({"action": "transfer", "send_dst": ""}, 400), ({"action": "whisper"}, 400), ({"action": "pickup"}, 400)])
def test_bodies_that_make_no_sense(crm, talk, server, body, status):
    a, b = talk
    ident = crm.call("101")["call_api_id"]
    with counts(server, "patchbay_ringme_refused_total", status=status):
        reply = crm.request("PUT", f"/extension/101/current_calls/{ident}", body,
                            headers={"Content-Type": "application/json"})
    assert reply.status == status
    assert reply.body["message"] and reply.body["status"]
    audio({a: [b], b: [a]})


def test_a_transfer_to_nobody(crm, talk):
    a, b = talk
    ident = crm.call("101")["call_api_id"]
    reply = crm.put("101", ident, "transfer", "555")
    assert reply.status in (400, 404, 409) and reply.body["message"]
    audio({a: [b], b: [a]})


def test_an_action_that_does_not_fit_the_state(crm, phones, server):
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    ident = crm.call("101")["call_api_id"]
    with counts(server, "patchbay_ringme_refused_total", status=409):
        assert crm.put("101", ident, "hold").status == 409


@pytest.mark.parametrize("extension", ["0", "999", "x", "-1", "99999999999999"])
def test_unknown_extensions(crm, extension):
    reply = crm.request("GET", f"/extension/{extension}/current_calls/")
    assert reply.status == 404 and reply.body["message"]


@pytest.mark.parametrize("method,path,base,status,symbol", [
    ("GET", "/nothing", "/api/ver1.0", 404, "not_found"), ("POST", "/extension/101/current_calls/", "/api/ver1.0", 405,
     "method_not_allowed"), ("GET", "/extension/101/nothing", "", 404, "not_found"),
    ("GET", "/oauth/token", "", 405, "method_not_allowed")])
def test_what_is_not_served_is_said_in_the_dialect(crm, server, method, path, base, status, symbol):
    with counts(server, "patchbay_ringme_refused_total", status=status):
        reply = crm.request(method, path, base=base)
    assert reply.status == status and reply.body["status"] == symbol and reply.body["message"]
    assert (reply.header("Allow") is not None) == (status == 405)


def test_tokens(server, ending):
    crm = Ringme(server, client=None, token="none")
    ending.append(crm)
    with counts(server, "patchbay_ringme_refused_total", 2, status=401):
        assert crm.request("GET", "/extension/101/current_calls/").status == 401
        assert crm.request("GET", "/extension/101/current_calls/", headers={"Authorization": ""}).status == 401
    assert crm.authorize("crm", "wrong").status in (400, 401)
    assert crm.authorize("nobody", "x").status in (400, 401)
    assert crm.authorize("crm", "crm-secret", grant="magic").status == 400
    reply = crm.authorize("crm", "crm-secret")
    assert reply.status == 200
    assert reply.body["token_type"].lower() == "bearer" and reply.body["expires_in"] == 3600
    crm.token = reply.body["access_token"]
    assert crm.list("101") == []


def test_a_scope_is_enough_for_calls(server, ending):
    crm = Ringme(server, "calls")
    ending.append(crm)
    assert crm.list("101") == []


def test_rate_limit(own_server, ending):
    server = own_server()
    crm = Ringme(server, "limited")
    ending.append(crm)
    left = None
    for _ in range(3):
        reply = crm.request("GET", "/extension/101/current_calls/")
        assert reply.status == 200
        assert reply.header("X-RateLimit-Limit") == "3"
        assert left is None or int(reply.header("X-RateLimit-Remaining")) < left
        left = int(reply.header("X-RateLimit-Remaining"))
        assert int(reply.header("X-RateLimit-Reset")) > 0
    assert left == 0
    with counts(server, "patchbay_ringme_refused_total", status=429):
        reply = crm.request("GET", "/extension/101/current_calls/")
    assert reply.status == 429 and reply.body["status"] == "rate_limit_exceeded"


def test_an_application_that_may_not_supervise(server, ending, talk):
    crm = Ringme(server, "modest")
    ending.append(crm)
    ident = crm.call("101")["call_api_id"]
    with counts(server, "patchbay_ringme_refused_total", status=403):
        assert crm.put("101", ident, "eavesdrop", "102").status == 403
    assert crm.put("101", ident, "hold").status == 200
    assert crm.put("101", ident, "offhold").status == 200


def test_gzip_for_clients_that_take_it(crm, phones, server):
    """A long list comes compressed when asked for; a small one may come as it is."""
    crm.http.request("GET", "/api/ver1.0/client/@me/current_calls/",
                     headers={"Authorization": "Bearer " + crm.token, "Accept-Encoding": "gzip"})
    response = crm.http.getresponse()
    data = response.read()
    if response.getheader("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    assert data == b'{"call_list":[]}'


def test_two_actions_at_the_same_instant(server, ending, talk):
    a, b = talk
    first, second = Ringme(server), Ringme(server)
    ending.extend([first, second])
    ident = first.call("101")["call_api_id"]
    results = []
    threads = [threading.Thread(target=lambda c=c, x=x: results.append(c.put("101", ident, x).status))
               for c, x in ((first, "hold"), (second, "offhold"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200, 200]
    assert first.put("101", ident, "offhold").status == 200
    audio({a: [b], b: [a]})
