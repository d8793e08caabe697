"""The audio table with a phone that is not ours: baresip as A (201), B (101) or S (102), the others robots."""
import pytest

from harness.baresip import Baresip
from harness.parties import answered, dial, hang_up, hear, over, rung
from harness.robot import MUSIC

ROLES = {"a": "201", "b": "101", "s": "102"}
everybody = pytest.mark.parametrize("foreign", list(ROLES))


class Office:
    """A, B and S, one of them baresip; `at` is the server when it is not the usual one."""

    def __init__(self, phones, tmp_path, ending, foreign, at=None, ringing=()):
        """B and S answer by themselves unless they are named in `ringing`."""
        self.crm = None
        for role, number in ROLES.items():
            auto = role != "a" and role not in ringing
            if role == foreign:
                phone = Baresip(number, (at or phones.server).sip, tmp_path, hertz=1425,
                                answer="auto" if auto else "manual")
                ending.append(phone)
                phone.registered()
            else:
                phone = phones(number, **({"answer_after": 0} if auto else {}))
            setattr(self, role, phone)

    def __iter__(self):
        return iter((self.a, self.b, self.s))

    def talk(self):
        dial(self.a, "101")
        hear({self.a: [self.b], self.b: [self.a]})
        return self


@pytest.fixture
def office(phones, tmp_path, ending):
    return lambda foreign, **more: Office(phones, tmp_path, ending, foreign, **more)


def consulting(office, desk, foreign):
    """B talks with S by attended_transfer while A hears music."""
    people = office(foreign).talk()
    a, b, s = people
    crm = desk("ringme", "101")
    leg = crm.leg("101")
    assert crm.attended_transfer(leg, "102"), crm.reply
    rung(s)
    hear({a: [MUSIC], b: [s], s: [b]})
    return people, crm, leg


@everybody
@pytest.mark.parametrize("leaver", ["a", "b", "s"])
def test_attended_transfer_ends_when_one_hangs_up(office, desk, foreign, leaver):
    people, _, _ = consulting(office, desk, foreign)
    hang_up(getattr(people, leaver))
    x, y = [phone for phone in people if phone is not getattr(people, leaver)]
    hear({x: [y], y: [x]})


@everybody
def test_attended_transfer_is_over_by_offhold(office, desk, foreign):
    (a, b, s), crm, leg = consulting(office, desk, foreign)
    assert crm.retrieve(leg), crm.reply
    over(s)
    hear({a: [b], b: [a]})


SUPERVISED = {
    "whisper": lambda a, b, s: {a: [b], b: [a, s], s: [a, b]},
    "conference": lambda a, b, s: {a: [b, s], b: [a, s], s: [a, b]},
    "eavesdrop": lambda a, b, s: {a: [b], b: [a], s: [a, b]},
}


@everybody
@pytest.mark.parametrize("dialect,mode", [("xml", "whisper"), ("frames", "conference"), ("ringme", "eavesdrop")])
def test_supervision(office, desk, foreign, dialect, mode):
    a, b, s = office(foreign).talk()
    crm = desk(dialect, "101")
    assert getattr(crm, mode)(crm.leg("101"), "102"), crm.why
    rung(s)
    hear(SUPERVISED[mode](a, b, s))
    hang_up(s)
    hear({a: [b], b: [a]})


@pytest.mark.parametrize("mode", ["whisper", "conference"])
def test_supervision_by_baresip_over_ringme(office, desk, mode):
    a, b, s = office("s").talk()
    crm = desk("ringme", "101")
    assert getattr(crm, mode)(crm.leg("101"), "102"), crm.why
    hear(SUPERVISED[mode](a, b, s))


@everybody
def test_a_parked_call_is_taken_by_dialling_its_slot(office, desk, foreign):
    a, b, s = office(foreign).talk()
    crm = desk("ringme", "101")
    assert crm.park(crm.leg("101")), crm.reply
    over(b)
    hear({a: [MUSIC]})
    dial(s, str(crm.reply.body["park_slot"]))
    hear({a: [s], s: [a]})


@everybody
def test_pickup_of_a_ringing_call(office, desk, foreign):
    a, b, s = office(foreign, ringing=("b",))
    a.call("101")
    rung(b)
    crm = desk("ringme", "101")
    assert crm.pickup(crm.leg("101"), "102"), crm.reply
    over(b)
    answered(a)
    hear({a: [s], s: [a]})


@everybody
def test_pickup_of_an_answered_call(office, desk, foreign):
    a, b, s = office(foreign).talk()
    crm = desk("ringme", "101")
    assert crm.pickup(crm.leg("101"), "102"), crm.reply
    over(b)
    hear({a: [s], s: [a]})


@everybody
def test_a_transfer_nobody_takes_gives_a_back_to_b(own_server, phones_at, tmp_path, ending, desk, foreign):
    server = own_server(calls={"transfer_timeout": 2})
    a, b, s = Office(phones_at(server), tmp_path, ending, foreign, server, ringing=("s",)).talk()
    b.forget()
    crm = desk("xml", "101", server)
    assert crm.transfer(crm.leg("101"), "102"), crm.why
    over(b)
    rung(b, timeout=20)
    hear({a: [b], b: [a]}, timeout=12000)


@pytest.mark.parametrize("foreign", ["a", "other"])
def test_two_conversations_are_joined(phones, baresip, desk, foreign):
    """B holds A, talks with another customer, and leaves the two together."""
    numbers = {"a": "201", "other": "202"}
    b = phones("101", answer_after=0)
    people = {role: baresip(number, hertz=1425) if role == foreign else phones(number)
              for role, number in numbers.items()}
    a, other = people["a"], people["other"]
    crm = desk("xml", "101")
    dial(a, "101")
    first = crm.leg("101", remote_digits="201")
    assert crm.hold(first)
    hear({a: [MUSIC]})
    dial(other, "101")
    assert crm.join(first, crm.leg("101", remote_digits="202")), crm.why
    hear({a: [other], other: [a]})
