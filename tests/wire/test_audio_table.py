"""Every row of the table in docs/manual/commands.md, in every dialect that has it: A is the customer (201), B the
operator (101), S the number rung (102). What each must hear is compared with what it hears."""
import pytest

from harness.robot import MUSIC, audio

ECSS = ["xml", "frames"]
ALL = ["xml", "frames", "ringme"]


@pytest.fixture
def people(phones):
    """A and B talk; S is there and answers at once."""
    a, b = phones("201"), phones("101", answer_after=0)
    s = phones("102", answer_after=0)
    phones.talking(a, b)
    return a, b, s


def test_talking(people):
    a, b, s = people
    audio({a: [b], b: [a]})
    assert not s.facts("incoming")


@pytest.mark.parametrize("dialect", ALL)
def test_hold_and_unhold(people, desk, dialect):
    a, b, _ = people
    crm = desk(dialect, "101")
    leg = crm.leg("101")
    assert crm.hold(leg)
    audio({a: [MUSIC], b: []})
    repeated = crm.hold(leg)
    assert repeated == (dialect == "ringme") and crm.why in (None, "cannot_perform_cmd")
    audio({a: [MUSIC], b: []})
    assert crm.retrieve(leg)
    audio({a: [b], b: [a]})
    repeated = crm.retrieve(leg)
    assert repeated == (dialect == "ringme")
    assert crm.leg("101") == leg
    audio({a: [b], b: [a]})


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
@pytest.mark.parametrize("direction", ["sendonly", "inactive"])
def test_hold_by_the_phones_own_button(people, method, direction):
    a, b, _ = people
    b.do("hold", method=method, direction=direction)
    b.wait("reply", method=method, status=200)
    audio({a: [MUSIC], b: []})
    b.do("unhold", method=method)
    b.wait("reply", method=method, status=200)
    audio({a: [b], b: [a]})


@pytest.mark.parametrize("dialect", ALL)
def test_a_hold_by_the_phone_is_the_same_state_as_one_by_the_interface(people, desk, dialect):
    a, b, _ = people
    crm = desk(dialect, "101")
    leg = crm.leg("101")
    b.do("hold")
    b.wait("reply", method="INVITE", status=200)
    audio({a: [MUSIC]})
    assert crm.retrieve(leg), crm.why
    audio({a: [b], b: [a]})


def test_a_phone_that_stays_on_hold_is_shown_so(people, desk):
    """Whoever pressed the button may not want to come back: the interface must not say that they did."""
    a, b, _ = people
    b.do("fault", name="keep-hold")
    b.do("hold")
    b.wait("reply", method="INVITE", status=200)
    crm = desk("xml", "101")
    leg = crm.leg("101", state="hold")
    crm.retrieve(leg)
    b.wait("request", method="INVITE", call=1)
    audio({a: [MUSIC], b: []}, stable=600)
    assert crm.leg("101", state="hold") == leg
    b.do("unhold")
    audio({a: [b], b: [a]})
    assert crm.leg("101", state="working") == leg


@pytest.mark.parametrize("dialect", ALL)
def test_transfer(phones, desk, dialect):
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102")
    phones.talking(a, b)
    crm = desk(dialect, "101")
    assert crm.transfer(crm.leg("101"), "102")
    incoming = s.wait("incoming")
    b.wait("ended", by="remote")
    audio({a: [MUSIC]})
    s.do("answer", call=incoming["call"])
    audio({a: [s], s: [a]})
    assert not a.facts("ended")


@pytest.fixture
def impatient(own_server, phones_at):
    """A server that rings back soon after a transfer or a park that nobody takes, and phones at it."""
    server = own_server(calls={"transfer_timeout": 2, "park_timeout": 2})
    return server, phones_at(server)


@pytest.mark.parametrize("dialect", ALL)
@pytest.mark.parametrize("failure", ["busy", "absent", "unanswered"])
def test_a_transfer_that_fails_gives_a_back_to_b(impatient, desk, dialect, failure):
    server, phones = impatient
    a, b = phones("201"), phones("101", answer_after=0)
    if failure == "busy":
        phones("102", reject=486)
    if failure == "unanswered":
        phones("102", ring_only=True)
    phones.talking(a, b)
    crm = desk(dialect, "101", server)
    accepted = crm.transfer(crm.leg("101"), "102")
    if failure == "absent" and not accepted:
        audio({a: [b], b: [a]})  # refused at once: nothing changed
        return
    assert accepted, crm.why
    if failure == "unanswered":
        b.wait("ended", by="remote")
        b.wait("incoming", timeout=20)
    audio({a: [b], b: [a]}, timeout=12000)


@pytest.mark.parametrize("dialect", ALL)
def test_a_failed_transfer_with_b_gone_clears_a(impatient, desk, dialect):
    server, phones = impatient
    a, b = phones("201"), phones("101", answer_after=0)
    phones("102", ring_only=True)
    phones.talking(a, b)
    crm = desk(dialect, "101", server)
    assert crm.transfer(crm.leg("101"), "102")
    b.wait("ended")
    b.do("unregister")
    b.wait("unregistered")
    a.wait("ended", timeout=20, by="remote")


@pytest.mark.parametrize("dialect", ECSS)
def test_transfer_to_another_conversation_joins_the_two_parties(phones, desk, dialect):
    a, b = phones("201"), phones("101", answer_after=0)
    other = phones("202")
    phones.talking(a, b)
    crm = desk(dialect, "101")
    first = crm.leg("101", remote_digits="201")
    assert crm.hold(first)
    phones.talking(other, b)
    second = crm.leg("101", remote_digits="202")
    assert crm.join(first, second), crm.why
    b.wait("ended", call=1)
    b.wait("ended", call=2)
    audio({a: [other], other: [a]})


def attended(people, desk):
    a, b, s = people
    crm = desk("ringme", "101")
    leg = crm.leg("101")
    assert crm.attended_transfer(leg, "102"), crm.reply
    audio({a: [MUSIC], b: [s], s: [b]})
    return crm, leg


def test_attended_transfer_is_done_when_b_hangs_up(people, desk):
    a, b, s = people
    attended(people, desk)
    b.do("hangup")
    audio({a: [s], s: [a]})


def test_attended_transfer_is_over_when_s_hangs_up(people, desk):
    a, b, s = people
    attended(people, desk)
    s.do("hangup")
    audio({a: [b], b: [a]})


def test_attended_transfer_is_over_by_offhold(people, desk):
    a, b, s = people
    crm, leg = attended(people, desk)
    assert crm.retrieve(leg), crm.reply
    s.wait("ended", by="remote")
    audio({a: [b], b: [a]})


def test_attended_transfer_without_a_leaves_b_and_s_talking(people, desk):
    a, b, s = people
    attended(people, desk)
    a.do("hangup")
    audio({b: [s], s: [b]})


SUPERVISED = {
    "whisper": lambda a, b, s: {a: [b], b: [a, s], s: [a, b]},
    "conference": lambda a, b, s: {a: [b, s], b: [a, s], s: [a, b]},
    "eavesdrop": lambda a, b, s: {a: [b], b: [a], s: [a, b]},
}


@pytest.mark.parametrize("dialect,mode", [(d, m) for d in ALL for m in ("whisper", "conference")] +
                         [("ringme", "eavesdrop")])
def test_supervision(people, desk, dialect, mode):
    a, b, s = people
    crm = desk(dialect, "101")
    assert getattr(crm, mode)(crm.leg("101"), "102"), crm.why
    audio(SUPERVISED[mode](a, b, s))
    s.do("hangup")
    s.wait("ended", by="local")
    audio({a: [b], b: [a]})


@pytest.mark.parametrize("mode", ["whisper", "eavesdrop"])
@pytest.mark.parametrize("leaver", ["a", "b"])
def test_a_supervising_leg_keeps_no_call_alive(people, desk, mode, leaver):
    a, b, s = people
    crm = desk("ringme", "101")
    assert getattr(crm, mode)(crm.leg("101"), "102")
    audio(SUPERVISED[mode](a, b, s))
    (a if leaver == "a" else b).do("hangup")
    for phone in (a, b, s):
        phone.wait("ended")


@pytest.mark.parametrize("leaver", [0, 1, 2])
def test_a_conference_goes_on_between_the_two_that_stay(people, desk, leaver):
    crm = desk("xml", "101")
    assert crm.conference(crm.leg("101"), "102")
    audio(SUPERVISED["conference"](*people))
    people[leaver].do("hangup")
    x, y = [phone for i, phone in enumerate(people) if i != leaver]
    audio({x: [y], y: [x]})


def park(a, b, desk, server=None):
    crm = desk("ringme", "101", server)
    assert crm.park(crm.leg("101")), crm.reply
    b.wait("ended", by="remote")
    audio({a: [MUSIC]})
    slot = crm.reply.body["park_slot"]
    return str(slot)


def test_a_parked_call_is_taken_by_dialling_its_slot(people, desk):
    a, b, s = people
    slot = park(a, b, desk)
    s.call(slot)
    s.wait("answered")
    audio({a: [s], s: [a]})


def test_a_parked_call_nobody_takes_rings_its_parker(impatient, desk):
    server, phones = impatient
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    park(a, b, desk, server)
    b.wait("incoming", timeout=20)
    audio({a: [b], b: [a]})


def test_pickup_of_a_ringing_call(phones, desk):
    a, b, s = phones("201"), phones("101", ring_only=True), phones("102", answer_after=0)
    a.call("101")
    b.wait("incoming")
    crm = desk("ringme", "101")
    assert crm.pickup(crm.leg("101"), "102"), crm.reply
    b.wait("ended", status=487)
    audio({a: [s], s: [a]})


def test_pickup_of_an_answered_call(people, desk):
    a, b, s = people
    crm = desk("ringme", "101")
    assert crm.pickup(crm.leg("101"), "102"), crm.reply
    b.wait("ended", by="remote")
    audio({a: [s], s: [a]})


@pytest.mark.parametrize("dialect", ["ringme"])
def test_clear_hangs_up(people, desk, dialect):
    a, b, _ = people
    crm = desk(dialect, "101")
    assert crm.clear(crm.leg("101"))
    a.wait("ended", by="remote")
    b.wait("ended", by="remote")
