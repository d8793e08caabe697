"""Calls between phones of every pair of codecs: the tones are exact, as loud as they were sent, and go on when the
hearing changes."""
import pytest

from harness.robot import MUSIC, audio

CODECS = ("PCMA", "PCMU", "G722", "opus")
PAIRS = [(a, b) for i, a in enumerate(CODECS) for b in CODECS[i:]]
SENT, LOUDEST_CHANGE = -12, 1.5


def levels(*people):
    """Each hears the one tone there is within 1.5 dB of how it was sent."""
    for phone in people:
        loudest = max(phone.hear()["tones"].values())
        assert abs(loudest - SENT) <= LOUDEST_CHANGE, f"{phone} hears {loudest} dB"


@pytest.mark.parametrize("mine,theirs", PAIRS)
def test_tones_are_exact_and_as_loud_as_sent(phones, mine, theirs):
    a, b = phones("201", codecs=mine), phones("101", answer_after=0, codecs=theirs)
    phones.talking(a, b)
    audio({a: [b], b: [a]}, stable=600)
    levels(a, b)


@pytest.mark.parametrize("mine,theirs", [("opus", "PCMA"), ("G722", "opus"), ("PCMU", "G722")])
def test_hold_plays_music_in_every_codec_and_retrieve_goes_on(phones, desk, mine, theirs):
    a, b = phones("201", codecs=mine), phones("101", answer_after=0, codecs=theirs)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    crm = desk("ringme", "101")
    leg = crm.leg("101")
    assert crm.hold(leg)
    audio({a: [MUSIC], b: []})
    assert crm.retrieve(leg)
    audio({a: [b], b: [a]})


@pytest.mark.parametrize("theirs", ["PCMA", "opus"])
def test_phones_that_share_a_codec_use_it(phones, theirs):
    """The called phone is offered the caller's codecs first: nothing is decoded on the way."""
    a, b = phones("201", codecs="G722," + theirs), phones("101", answer_after=0, codecs=theirs)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
