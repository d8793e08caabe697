"""Encrypted audio: SDES and DTLS-SRTP with robots, and those who try to get in."""
import socket

import pytest

from harness.robot import audio
from harness.waiting import until

PHONES = {
    "plain": {},
    "gcm": {"srtp": "sdes", "srtp_suites": "AEAD_AES_128_GCM"},
    "sha1": {"srtp": "sdes", "srtp_suites": "AES_CM_128_HMAC_SHA1_80"},
    "dtls": {"srtp": "dtls", "rtcp_mux": True},
    "ice": {"srtp": "dtls", "rtcp_mux": True, "ice": True},
}


@pytest.fixture
def keys_in_the_open(own_server, phones_at):
    """A server that takes keys through plain SIP, as the robots speak it."""
    server = own_server(media={"sdes_without_tls": True})
    return server, phones_at(server)


def refused(server, reason):
    return server.metric("patchbay_rtp_refused_packets_total", reason=reason)


def test_every_pair_hears_each_other(keys_in_the_open):
    _, phones = keys_in_the_open
    callees = {"plain": phones("101", answer_after=0), "gcm": phones("102", answer_after=0, **PHONES["gcm"])}
    for number, (kind, options) in zip(("103", "104", "105", "106", "201"), PHONES.items()):
        caller = phones(number, **options)
        for callee_kind, callee in callees.items():
            call = phones.talking(caller, callee)
            audio({caller: [callee], callee: [caller]})
            assert caller.wait("sdp", call=call)["srtp"] == (kind != "plain")
            assert callee.wait("sdp")["srtp"] == (callee_kind != "plain")
            assert caller.hear()["refused"] == callee.hear()["refused"] == 0
            caller.do("hangup")
            callee.wait("ended")


def test_where_it_is_required_phones_are_offered_dtls(own_server, phones_at):
    server = own_server(media={"srtp": "required"})
    phones = phones_at(server)
    a, b = phones("201", **PHONES["ice"]), phones("101", answer_after=0, **PHONES["dtls"])
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("hangup")
    a.wait("ended")
    plain = phones("202")
    plain.call("101")
    assert plain.wait("ended")["status"] == 488
    a.call("202")  # which is offered what it cannot take
    assert a.wait("ended")["status"] == 488


def test_keys_through_open_sip_are_refused(phones):
    a = phones("201", **PHONES["gcm"])
    phones("101", answer_after=0)
    a.call("101")
    assert a.wait("ended")["status"] == 488


def test_hold_by_the_phone_keeps_its_keys(keys_in_the_open):
    _, phones = keys_in_the_open
    for number, kind in (("201", "gcm"), ("202", "ice")):
        a, b = phones(number, **PHONES[kind]), phones("101" if kind == "gcm" else "102", answer_after=0)
        phones.talking(a, b)
        audio({a: [b], b: [a]})
        a.do("hold")
        a.wait("reply", status=200)
        a.do("unhold")
        a.wait("reply", status=200)
        audio({a: [b], b: [a]})
        assert a.hear()["ssrcs"] == 1


def test_new_keys_by_reinvite_without_a_gap(keys_in_the_open):
    server, phones = keys_in_the_open
    a, b = phones("201", **PHONES["gcm"]), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    before = refused(server, "protection")
    for _ in range(3):
        a.do("rekey")
        a.wait("reply", method="INVITE", status=200)
        audio({a: [b], b: [a]})
    # Packets under the key of before are taken for as long as they may be under way.
    assert refused(server, "protection") == before
    assert b.hear()["lost"] == 0


@pytest.mark.parametrize("kind", ["dtls", "ice"])
def test_a_new_certificate_by_reinvite_is_shaken_hands_with(keys_in_the_open, kind):
    server, phones = keys_in_the_open
    a, b = phones("201", **PHONES[kind]), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    agreed = lambda: server.metric("patchbay_dtls_handshakes_total", result="agreed")
    for times, tone in ((2, 1175), (3, 1425)):
        a.do("rekey")
        a.wait("reply", method="INVITE", status=200)
        until(lambda: agreed() >= times, what="the handshake")
        a.do("tone", hertz=tone)  # what is said from here on has only the new keys
        a.tone = tone
        audio({a: [b], b: [a]})
    assert a.hear()["ssrcs"] == 1


def test_packets_sent_twice_are_heard_once(keys_in_the_open):
    server, phones = keys_in_the_open
    a, b = phones("201", fault="replay", **PHONES["gcm"]), phones("101", answer_after=0)
    before = refused(server, "protection")
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    until(lambda: refused(server, "protection") > before + 100, 15, "replayed packets to be counted")
    assert b.hear()["packets"] < 1.5 * a.hear()["sent"]  # all of them would be twice as many


def test_plain_audio_enters_no_encrypted_call(keys_in_the_open):
    server, phones = keys_in_the_open
    a, b = phones("201", fault="plain-audio", **PHONES["gcm"]), phones("101", answer_after=0)
    before = refused(server, "protection")
    phones.talking(a, b)
    audio({a: [b], b: []})
    assert refused(server, "protection") > before


def test_another_certificate_than_signalled_gets_no_audio(keys_in_the_open):
    server, phones = keys_in_the_open
    a, b = phones("201", fault="wrong-fingerprint", **PHONES["dtls"]), phones("101", answer_after=0)
    phones.talking(a, b)
    until(lambda: server.metric("patchbay_dtls_handshakes_total", result="refused") == 1, what="the refusal")
    audio({a: [], b: []})


HELLO = bytes.fromhex("16fefd0000000000000000003e") + b"\x01" + bytes(61)


def test_a_hello_from_elsewhere_is_ignored(keys_in_the_open):
    server, phones = keys_in_the_open
    for number, kind in (("201", "dtls"), ("202", "ice")):
        a, b = phones(number, **PHONES[kind]), phones("101" if kind == "dtls" else "102", answer_after=0)
        call = phones.talking(a, b)
        audio({a: [b], b: [a]})
        address, port = a.wait("sdp", call=call)["rtp"].split(":")
        before = refused(server, "unverified")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.1", 0))
            for _ in range(5):
                stranger.sendto(HELLO, (address, int(port)))
            until(lambda: refused(server, "unverified") >= before + 5, what="the hellos to be refused")
            stranger.setblocking(False)
            with pytest.raises(BlockingIOError):
                stranger.recv(2048)
        audio({a: [b], b: [a]})


def test_rtcp_on_the_rtp_port(phones):
    a, b = phones("201", rtcp_mux=True), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    before = a.hear()["foreign"]  # audio may have come before the answer that explains it
    until(lambda: a.hear()["rtcp"] > 0, 15, "a report on the RTP port")
    assert a.hear()["foreign"] == before


@pytest.mark.parametrize("lines", [
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA", "a=crypto:x", "a=fingerprint:sha-256 zz\r\na=setup:actpass",
    "a=fingerprint:md5 00:11\r\na=setup:actpass", "",
])
def test_offers_that_cannot_be_encrypted(keys_in_the_open, lines):
    _, phones = keys_in_the_open
    a = phones("201")
    for profile in ("RTP/SAVP", "UDP/TLS/RTP/SAVPF"):
        a.call("101", sdp="v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                          f"m=audio 4000 {profile} 8\r\n" + (lines + "\r\n" if lines else ""))
        assert a.wait("ended")["status"] == 488
