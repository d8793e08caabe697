"""Digits from phone to phone, whatever way each of them takes: telephone-events, INFO, tones among the audio."""
import itertools

import pytest

from harness.config import DOMAIN, PEOPLE, password
from harness.robot import MUSIC, audio
from harness.waiting import until

# How a phone is made to take digits one way: options of the robot, and by what it then presses and hears them.
WAYS = {
    "event": ({}, "rtp"),
    "info": ({"no_telephone_event": True}, "info"),
    "tones": ({"no_telephone_event": True, "no_info": True}, "inband"),
}
DIGITS = "19*#"


def heard(phone):
    return [(fact["digit"], fact["by"]) for fact in phone.facts("dtmf")]


@pytest.mark.parametrize("pressed, taken", itertools.product(WAYS, WAYS))
def test_digits_reach_the_other_phone_its_own_way(phones, pressed, taken):
    (caller_options, by), (called_options, way) = WAYS[pressed], WAYS[taken]
    a = phones("201", hear_digits=True, **caller_options)
    b = phones("101", hear_digits=True, answer_after=0, **called_options)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("dtmf", digits=DIGITS, by=by)
    until(lambda: len(heard(b)) >= len(DIGITS), what="all digits to be heard")
    audio({a: [b], b: [a]})
    assert heard(b) == [(digit, way) for digit in DIGITS], "each digit once, in order, by one way"
    assert heard(a) == []


def test_a_plain_info_body_is_a_digit_too(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("dtmf", digits="5", by="info-plain")
    assert b.wait("dtmf")["by"] == "rtp"


@pytest.mark.parametrize("second", ["info", "info-plain"])
def test_a_phone_that_tells_every_digit_twice_is_heard_once(phones, second):
    a, b = phones("201"), phones("101", answer_after=0, hear_digits=True)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    for digit in "1122":
        a.tell("dtmf", digits=digit, by="rtp")
        a.tell("dtmf", digits=digit, by=second)
        a.wait("reply", method="INFO", status=200)
    a.do("dtmf", digits="#", by="rtp")  # what came before it has been heard when this is
    until(lambda: ("#", "rtp") in heard(b), what="the last digit")
    assert [digit for digit, _ in heard(b)] == list("1122#")


def test_a_setting_decides_how_digits_go(own_server, phones_at):
    extensions = [{"id": int(number), "number": number, "name": name, "password": password(number)}
                  for number, (name, _, _) in PEOPLE.items()]
    ways = {"101": ("info", "info"), "102": ("inband", "inband"), "103": ("rfc4733", "rtp")}
    for extension in extensions:
        extension["dtmf"] = ways.get(extension["number"], ("auto",))[0]
    server = own_server(domains={DOMAIN: {"extensions": extensions}})
    phones = phones_at(server)
    a = phones("201")
    for number, (_, by) in ways.items():
        b = phones(number, answer_after=0, hear_digits=True)
        call = a.call(number)
        a.wait("answered", call=call)
        assert b.wait("sdp")["telephone_event"] == (by == "rtp")
        audio({a: [b], b: [a]})
        a.do("dtmf", digits="7", call=call)
        assert b.wait("dtmf") | {"call": 0} == {"event": "dtmf", "call": 0, "digit": "7", "by": by}
        a.do("hangup", call=call)
        a.wait("ended", call=call)


def test_a_caller_in_a_queue_presses_a_digit_by_tone(own_server, phones_at):
    queue = {"id": "sales", "number": "600", "operators": ["101"], "callback_digit": "1"}
    server = own_server(domains={DOMAIN: {"queues": [queue]}})
    phones = phones_at(server)
    a = phones("201", no_telephone_event=True, no_info=True)
    a.call("600")
    a.wait("answered")
    audio({a: [MUSIC]})
    a.do("dtmf", digits="1", by="inband")
    a.wait("ended", by="remote")  # it is called back when an operator is free
    assert server.metric("patchbay_media_digits_total", way="tones") == 1
