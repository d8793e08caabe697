"""The audio itself: strangers, silence, loss of a peer, what is left open."""
import pytest

from harness.ports import media_ports
from harness.robot import MUSIC, audio
from harness.waiting import until


def test_a_strangers_packets_enter_no_stream(phones, server):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    before = server.metric("patchbay_rtp_refused_packets_total")
    stranger_tone = next(t for t in (1175, 1425) if t not in (a.tone, b.tone))
    a.do("stranger", hertz=stranger_tone, packets=75)
    audio({a: [b], b: [a]}, stable=1000)
    until(lambda: server.metric("patchbay_rtp_refused_packets_total") > before, what="refused packets to be counted")
    assert b.hear()["ssrcs"] == 1
    assert a.hear()["sources"] == 1  # the way back was not turned to the stranger


def test_a_phone_that_falls_silent_for_good_ends_the_call(own_server, phones_at):
    server = own_server(media={"timeout": 2})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("silent")
    a.wait("ended", timeout=20, by="remote")
    b.wait("ended", by="remote")
    server.wait_idle()
    assert server.metric("patchbay_call_ends_total", cause="media_lost") == 1


def test_a_held_phone_may_be_silent(own_server, phones_at):
    server = own_server(media={"timeout": 2})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("hold", direction="inactive")
    b.wait("reply", status=200)
    audio({a: [MUSIC], b: []}, stable=4000, timeout=10000)
    b.do("unhold")
    audio({a: [b], b: [a]})


def test_a_phone_that_pauses_is_heard_again(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("silent")
    audio({a: [b], b: []})
    a.do("silent", on=False)
    audio({a: [b], b: [a]})


def test_muted_audio_is_silence_and_not_the_end(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("mute")
    audio({a: [b], b: []})
    a.do("mute", on=False)
    audio({a: [b], b: [a]})


@pytest.mark.parametrize("mine", ["PCMA", "PCMU"])
def test_relayed_audio_loses_and_changes_nothing(phones, mine):
    a, b = phones("201", codecs=mine), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]}, stable=1500)
    for phone, other in ((a, b), (b, a)):
        heard = phone.hear()
        assert heard["lost"] == 0 and heard["ssrcs"] == 1
        assert abs(heard["tones"][str(other.tone)] - -12) < 0.5


def test_many_holds_in_a_row_leave_one_stream(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    for _ in range(5):
        b.do("hold")
        b.wait("reply", status=200)
        b.do("unhold")
        b.wait("reply", status=200)
    audio({a: [b], b: [a]})


def test_our_gauges_count_what_is_there(phones, server):
    assert not any(server.in_use().values())
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    until(lambda: list(server.in_use().values()) == [1, 2, 2, 2], what="one call to be counted")


def test_no_port_is_left(own_server, phones_at):
    """Three legs have ports; the fourth is refused and the call in progress goes on."""
    server = own_server(media={"ports": media_ports(6)})
    phones = phones_at(server)
    a, b, c = phones("201"), phones("101", answer_after=0), phones("202")
    phones("102", answer_after=0)
    phones.talking(a, b)
    c.call("102")
    assert c.wait("ended")["status"] in (500, 503)
    audio({a: [b], b: [a]})
