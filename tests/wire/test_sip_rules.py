"""SIP's finer rules, and phones that break them."""
import pytest

from harness.robot import MUSIC, audio
from harness.server import counts


def refused(server, reason, by=1):
    return counts(server, "patchbay_sip_refused_total", by, reason=reason)


def test_max_forwards_used_up(phones, server):
    a = phones("201")
    phones("101", answer_after=0)
    with refused(server, "max_forwards"):
        a.call("101", headers={"Max-Forwards": "0"})
        a.wait("ended", status=483)


def test_a_loop_through_a_proxy(phones, server):
    """An INVITE that was here before: our own Via stands below the last one."""
    a, b = phones("201"), phones("101", answer_after=0)
    with refused(server, "loop"):
        a.call("101", headers={"Via": f"SIP/2.0/UDP {server.sip};branch=z9hG4bKours"})
        a.wait("ended", status=482)
    assert not b.facts("incoming")


@pytest.mark.parametrize("header", [
    {"Max-Forwards": "abc"}, {"Max-Forwards": "99999"}, {"Record-Route": "nonsense"}, {"Route": "nonsense"}],
    ids=lambda header: ": ".join(*header.items()))
def test_headers_that_route_and_cannot_be_read(phones, server, header):
    a, b = phones("201"), phones("101", answer_after=0)
    with refused(server, "header"):
        a.call("101", headers=header)
        a.wait("ended", status=400)
    assert not b.facts("incoming")


def test_a_header_that_makes_a_message_none(phones, server):
    a, b = phones("201"), phones("101", answer_after=0)
    with counts(server, "patchbay_sip_bad_messages_total"):
        a.call("101", headers={"Record-Route": "<<<"})
        a.wait("ended", status=400)
    assert not b.facts("incoming")


def test_max_forwards_goes_down(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    a.call("101", headers={"Max-Forwards": "10"})
    assert int(b.wait("incoming")["headers"]["Max-Forwards"]) == 9
    a.wait("answered")


def test_an_unknown_extension_is_required(phones, server):
    a = phones("201")
    phones("101", answer_after=0)
    with refused(server, "extension"):
        a.call("101", headers={"Require": "teleportation"})
        a.wait("ended", status=420)


def test_reliable_ringing_is_acknowledged(phones):
    """The called phone insists on PRACK (RFC 3262)."""
    a, b = phones("201"), phones("101", **{"100rel": "required"})
    a.call("101")
    b.wait("incoming")
    b.wait("prack")
    a.wait("ringing")
    b.do("answer")
    a.wait("answered")
    audio({a: [b], b: [a]})


def test_a_caller_that_requires_reliable_ringing(phones):
    a, b = phones("201", **{"100rel": "required"}), phones("101", early_media=True)
    a.call("101")
    b.wait("incoming")
    a.wait("reply", method="PRACK", status=200)
    b.do("answer")
    a.wait("answered")
    audio({a: [b], b: [a]})


def test_a_caller_that_never_sends_prack(phones):
    a, b = phones("201", fault="never-prack", **{"100rel": "required"}), phones("101", early_media=True)
    a.call("101")
    b.wait("incoming")
    a.wait("ringing", status=183)
    a.do("cancel")
    a.wait("ended", status=487)


def test_a_session_timer_is_agreed(phones):
    a, b = phones("201", session_expires=120), phones("101", answer_after=0)
    phones.talking(a, b)
    timer = a.wait("session_timer")
    assert 90 <= timer["expires"] <= 120


def test_a_session_timer_too_small_is_refused_with_the_least(phones):
    a, b = phones("201", session_expires=30), phones("101", answer_after=0)
    a.call("101")
    assert a.wait("reply", status=422)["min_se"] == 90
    a.wait("answered")
    assert a.wait("session_timer")["expires"] >= 90
    a.do("hangup")
    b.wait("ended")


def test_two_holds_at_the_same_instant(phones):
    """Both phones re-INVITE at once; whoever is answered 491 tries again (RFC 3261, section 14)."""
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.tell("hold")
    b.tell("hold")
    for phone in (a, b):
        phone.wait("reply", timeout=15, method="INVITE", status=200)
    audio({a: [], b: []}, timeout=10000)
    for phone in (a, b):
        phone.do("unhold")
        phone.wait("reply", timeout=15, method="INVITE", status=200)
    audio({a: [b], b: [a]})


def test_a_phone_that_answers_491_is_asked_again(phones, desk):
    """The retrieve of a phone's own hold needs a re-INVITE to it, which meets a glare first."""
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("hold")
    b.wait("reply", status=200)
    b.do("rule", method="REINVITE", status=491, times=1)
    crm = desk("xml", "101")
    assert crm.retrieve(crm.leg("101"))
    audio({a: [b], b: [a]}, timeout=12000)


def test_a_phone_that_never_acknowledges_its_answer(phones):
    a, b = phones("201", fault="never-ack"), phones("101", answer_after=0)
    a.call("101")
    a.wait("answered")
    b.wait("connected")
    # The server gives up after 64·T1 (RFC 3261, section 13.3.1.4) and hangs both up.
    a.wait("ended", timeout=40, by="remote")
    b.wait("ended", timeout=10, by="remote")


def test_a_phone_that_answers_twice(phones):
    a, b = phones("201"), phones("101", fault="answer-twice", answer_after=0)
    a.call("101")
    a.wait("answered")
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended", by="remote")


def test_byes_that_cross(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("on", fact={"event": "request", "method": "BYE"}, do={"cmd": "hangup"})
    a.do("hangup")
    a.wait("ended")
    b.wait("ended")
    assert b.wait("reply", method="BYE")["status"] in (200, 481)


def test_a_phone_that_does_not_answer_bye(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("rule", method="BYE", status=0, times=3)
    a.do("hangup")
    a.wait("ended", by="local")
    b.wait("request", method="BYE")


def test_a_hold_while_the_other_phone_is_dumb(phones):
    """A phone that never answers re-INVITE stands in nobody's way."""
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("rule", method="REINVITE", status=0)
    b.do("hold")
    b.wait("reply", status=200)
    audio({a: [MUSIC], b: []})
    b.do("unhold")
    audio({a: [b], b: [a]})


def test_a_storm_of_one_message(phones, server):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("storm", count=200)
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended")


GARBAGE = [
    "INVITE sip:101@demo.local SIP/2.0\r\n\r\n",
    "INVITE sip:101@demo.local SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:1\r\nCSeq: -1 INVITE\r\n\r\n",
    "INVITE sip:101@demo.local SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:1;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:101@demo.local>\r\nCall-ID: x\r\nCSeq: 99999999999 INVITE\r\nContent-Length: 99999\r\n\r\nshort",
    "\r\n\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "A" * 4000,
    "BYE sip:101@demo.local SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKy\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:101@demo.local>;tag=nobody\r\nCall-ID: nobody\r\nCSeq: 1 BYE\r\n\r\n",
]


def test_garbage_costs_other_calls_nothing(phones, server):
    a, b, stranger = phones("201"), phones("101", answer_after=0), phones("202", registered=False)
    phones.talking(a, b)
    with counts(server, "patchbay_sip_bad_messages_total", 7), refused(server, "no_dialog"):
        for text in GARBAGE:
            stranger.do("raw", text=text)
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended", by="remote")


@pytest.mark.parametrize("name,sdp,status,reason", [
    ("no audio", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 4000 RTP/AVP 99\r\n",
     488, "not_acceptable"),
    ("no codec of ours", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
     "m=audio 4000 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n", 488, "not_acceptable"),
    ("no sdp at all", "this is no session description", 400, "sdp_malformed"),
    ("a port too big", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
     "m=audio 400000 RTP/AVP 8\r\n", 400, "sdp_malformed"),
])
def test_an_offer_that_makes_no_sense(phones, server, name, sdp, status, reason):
    a, b = phones("201"), phones("101", answer_after=0)
    with refused(server, reason):
        a.call("101", sdp=sdp)
        assert a.wait("ended")["status"] == status, name
    assert not b.facts("connected")


def test_an_answer_that_makes_no_sense(phones):
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    b.do("answer", sdp="nonsense")
    a.wait("ended", by="remote")
    b.wait("ended", by="remote")


@pytest.mark.parametrize("method", ["SUBSCRIBE", "PUBLISH", "MESSAGE", "BREW"])
def test_methods_we_do_not_serve(phones, method):
    a = phones("201")
    a.do("request", method=method, to="101", headers={"Event": "presence"})
    assert a.wait("reply", method=method)["status"] in (405, 489, 501)


def test_a_request_within_no_dialog(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("request", method="BYE", to="101")
    assert a.wait("reply", method="BYE")["status"] == 481
    audio({a: [b], b: [a]})
