"""Which codec a call is in."""
import pytest

from harness.robot import audio


@pytest.mark.parametrize("theirs", ["PCMA", "opus"])
def test_phones_that_share_a_codec_use_it(phones, theirs):
    """The called phone is offered the caller's codecs first: nothing is decoded on the way."""
    a, b = phones("201", codecs="G722," + theirs), phones("101", answer_after=0, codecs=theirs)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
