"""Calls between phones: how they begin, change and end."""
import pytest

from harness.robot import MUSIC, audio
from harness.waiting import until


def test_a_call_is_rung_answered_and_hung_up(phones):
    a, b = phones("201", name="Customer One"), phones("101")
    a.call("101")
    incoming = b.wait("incoming", to="101")
    assert incoming["from"] == "201"
    assert incoming["from_name"] == "Customer One"
    a.wait("ringing", status=180)
    b.do("answer")
    a.wait("answered")
    b.wait("connected")
    audio({a: [b], b: [a]})
    b.do("hangup")
    a.wait("ended", by="remote")
    b.wait("ended", by="local", status=200)


def test_the_server_hides_who_is_behind_it(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    a.call("101")
    headers = b.wait("incoming")["headers"]
    a.wait("answered")
    port = a.sip.rsplit(":", 1)[1]
    assert f":{port}" not in headers["Contact"] and f":{port}" not in headers["Via"]
    assert headers["Call-ID"] != a.facts("calling")[0]["call_id"]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_phones_talk_over_either_transport(phones, transport):
    a, b = phones("201", transport=transport), phones("101", transport="tcp", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended", by="remote")


@pytest.mark.parametrize("mine,theirs", [("PCMA", "PCMU"), ("PCMU", "PCMA"), ("PCMU", "PCMU")])
def test_codecs_are_matched_or_converted(phones, mine, theirs):
    a, b = phones("201", codecs=mine), phones("101", codecs=theirs, answer_after=0)
    phones.talking(a, b)
    assert a.wait("sdp")["codec"] == mine
    assert b.wait("sdp")["codec"] == theirs
    audio({a: [b], b: [a]})


@pytest.mark.parametrize("status", [486, 480, 603, 404, 500])
def test_a_refusal_reaches_the_caller(phones, status):
    a = phones("201")
    phones("101", reject=status)
    a.call("101")
    assert a.wait("ended", by="remote")["status"] == status


def test_a_caller_who_gives_up(phones):
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    a.wait("ringing")
    a.do("cancel")
    a.wait("ended", status=487)
    b.wait("ended", status=487)


def test_an_answer_that_crosses_the_cancel(phones):
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    a.wait("ringing")
    b.tell("answer")
    a.do("hangup")  # a CANCEL, or a BYE where the answer was faster
    a.wait("ended")
    b.wait("ended")


def test_a_phone_that_ignores_cancel(phones):
    a, b = phones("201"), phones("101")
    b.do("rule", method="CANCEL", status=0)
    a.call("101")
    b.wait("incoming")
    a.wait("ringing")
    a.do("cancel")
    a.wait("ended", status=487)
    b.do("answer")
    b.wait("ended", by="remote", timeout=12)


def test_nobody_answers(own_server, phones_at):
    server = own_server(sip={"ring_timeout": 1})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", ring_only=True)
    a.call("101")
    assert a.wait("ended", timeout=20)["status"] in (408, 480)
    b.wait("ended", status=487)
    server.wait_idle()


def test_an_unknown_number(phones):
    a = phones("201")
    a.call("555")
    a.wait("ended", status=404)


def test_a_number_where_nobody_is_registered(phones):
    a = phones("201")
    a.call("104")
    a.wait("ended", status=480)


def test_early_media_is_heard_before_the_answer(phones):
    a, b = phones("201"), phones("101", early_media=True)
    a.call("101")
    b.wait("incoming")
    assert a.wait("ringing", status=183)["sdp"]
    audio({a: [b]})
    b.do("answer")
    a.wait("answered")
    audio({a: [b], b: [a]})


def test_a_late_offer(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b, late_offer=True)
    audio({a: [b], b: [a]})


def test_a_re_invite_without_an_offer(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("unhold", late_offer=True)
    b.wait("reply", method="INVITE", status=200)
    audio({a: [b], b: [a]})


def test_both_sides_hold_and_come_back_one_by_one(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("hold")
    a.wait("reply", status=200)
    b.do("hold")
    b.wait("reply", status=200)
    a.do("unhold")
    a.wait("reply", status=200)
    audio({a: [MUSIC], b: []})
    b.do("unhold")
    b.wait("reply", status=200)
    audio({a: [b], b: [a]})


def test_a_phone_sends_the_caller_elsewhere(phones):
    a, b, c = phones("201"), phones("101"), phones("102", answer_after=0)
    a.call("101")
    b.wait("incoming")
    b.do("redirect", to="102")
    a.wait("answered")
    audio({a: [c], c: [a]})


@pytest.mark.parametrize("by", ["rtp", "info"])
def test_digits_pass_through(phones, by):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("dtmf", digits="19*#", by=by)
    digits = [b.wait("dtmf")["digit"] for _ in range(4)]
    assert digits == list("19*#")
    audio({a: [b], b: [a]})


def test_all_phones_of_a_number_ring_and_one_answers(phones):
    a, first, second = phones("201"), phones("101"), phones("101")
    a.call("101")
    first.wait("incoming")
    second.wait("incoming")
    second.do("answer")
    a.wait("answered")
    first.wait("ended", status=487)
    audio({a: [second], second: [a]})


def test_two_phones_of_a_number_answer_at_once(phones):
    a, first, second = phones("201"), phones("101"), phones("101")
    a.call("101")
    first.wait("incoming")
    second.wait("incoming")
    first.tell("answer")
    second.tell("answer")
    a.wait("answered")
    loser = until(lambda: next((phone for phone in (first, second) if phone.facts("ended")), None), what="one to lose")
    winner = second if loser is first else first
    audio({a: [winner], winner: [a]})


def test_several_calls_of_one_phone(phones):
    a, b, c = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    first = phones.talking(a, b)
    a.do("hold", call=first)
    a.wait("reply", status=200)
    second = phones.talking(a, c)
    audio({(a, second): [c], c: [a], b: [MUSIC]})
    a.do("hangup", call=second)
    a.do("unhold", call=first)
    audio({(a, first): [b], b: [a]})


def test_options_are_answered(phones):
    a = phones("201")
    a.do("request", method="OPTIONS", to="101")
    reply = a.wait("reply", method="OPTIONS")
    assert reply["status"] == 200
    assert "INVITE" in reply["allow"] and "REFER" in reply["allow"]


def test_privacy_is_kept(phones):
    a, b = phones("201", name="Customer One"), phones("101")
    a.call("101", headers={"Privacy": "id"})
    headers = b.wait("incoming")["headers"]
    caller = headers["From"].partition(";tag=")[0]  # the tag is random and may hold any digits
    assert "201" not in caller and "Customer" not in caller
    assert "anonymous" in caller.lower()
    assert "P-Asserted-Identity" not in headers
