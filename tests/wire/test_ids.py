"""conversation_id and call_api_id of whoever stays in a call are the same after it was handed on, whichever way."""
import pytest

from harness.robot import MUSIC, audio
from harness.waiting import until


class People:
    """A is an operator (103), so that both dialects name its leg; it calls B (101). S is 102, another customer 202."""

    def __init__(self, phones, desk, server=None, **s):
        self.phones, self.desk, self.server = phones, desk, server
        self.a, self.b, self.s = phones("103"), phones("101", answer_after=0), phones("102", **(s or {"answer_after": 0}))
        self.crm = {}

    def control(self, dialect):
        if dialect not in self.crm:
            self.crm[dialect] = self.desk(dialect, "101", self.server)
        return self.crm[dialect], self.crm[dialect].leg("101")

    def a_and_s(self):
        """S has answered: who must hear whom now."""
        self.s.wait("connected")
        return {self.a: [self.s], self.s: [self.a]}

    def ids(self):
        return [self.desk(dialect, "103", self.server).leg("103") for dialect in ("xml", "ringme")]


def blind(p):
    crm, leg = p.control("xml")
    assert crm.transfer(leg, "102")
    return p.a_and_s()


def attended(p):
    crm, leg = p.control("ringme")
    assert crm.attended_transfer(leg, "102"), crm.reply
    audio({p.a: [MUSIC], p.b: [p.s], p.s: [p.b]})
    p.b.do("hangup")
    return p.a_and_s()


def given_up(p):
    crm, leg = p.control("ringme")
    assert crm.attended_transfer(leg, "102"), crm.reply
    audio({p.a: [MUSIC], p.b: [p.s], p.s: [p.b]})
    p.s.do("hangup")
    return {p.a: [p.b], p.b: [p.a]}


def join(p):
    crm, leg = p.control("xml")
    assert crm.hold(leg)
    other = p.phones("202")
    p.phones.talking(other, p.b)
    assert crm.join(leg, crm.leg("101", remote_digits="202")), crm.why
    return {p.a: [other], other: [p.a]}


def slot(p):
    crm, leg = p.control("ringme")
    assert crm.park(leg), crm.reply
    p.b.wait("ended", by="remote")
    p.s.call(str(crm.reply.body["park_slot"]))
    p.s.wait("answered")
    return {p.a: [p.s], p.s: [p.a]}


def pickup(p):
    crm, leg = p.control("ringme")
    assert crm.pickup(leg, "102"), crm.reply
    return p.a_and_s()


def parked_and_picked_up(p):
    crm, leg = p.control("ringme")
    assert crm.park(leg), crm.reply
    p.b.wait("ended", by="remote")
    assert crm.client.put("103", crm.client.call("103")["call_api_id"], "pickup", "102").status == 200
    return p.a_and_s()


def refer(p):
    p.b.do("refer", to="102")
    return p.a_and_s()


def replaces(p):
    p.b.do("hold", call=1)
    p.b.wait("reply", status=200)
    consulting = p.phones.talking(p.b, p.s)
    p.b.do("refer_attended", call=1, replaces=consulting, to="sip:102@demo.local")
    return {p.a: [p.s], p.s: [p.a]}


@pytest.mark.parametrize("way", [blind, attended, given_up, join, slot, pickup, parked_and_picked_up, refer, replaces],
                         ids=lambda way: way.__name__)
def test_ids_of_a_stay(phones, desk, way):
    people = People(phones, desk)
    phones.talking(people.a, people.b)
    before = people.ids()
    audio(way(people))
    assert people.ids() == before and not people.a.facts("ended")


def test_ids_of_a_stay_when_a_ringing_call_is_picked_up(phones, desk):
    people = People(phones, desk)
    b = phones("104", ring_only=True)
    people.a.call("104")
    b.wait("incoming")
    before = people.ids()
    crm = desk("ringme", "104")
    assert crm.pickup(crm.leg("104"), "102"), crm.reply
    audio(people.a_and_s())
    assert people.ids() == before


@pytest.mark.parametrize("dialect,failure", [("xml", "busy"), ("ringme", "unanswered"), ("ringme", "parked")])
def test_ids_of_a_stay_when_it_comes_back_to_b(own_server, phones_at, desk, dialect, failure):
    """B is rung back after the transfer or the park that nobody took: another leg of B's, the same of A's."""
    server = own_server(calls={"transfer_timeout": 2, "park_timeout": 2})
    people = People(phones_at(server), desk, server, **({"reject": 486} if failure == "busy" else {"ring_only": True}))
    people.phones.talking(people.a, people.b)
    before = people.ids()
    crm, leg = people.control(dialect)
    assert crm.park(leg) if failure == "parked" else crm.transfer(leg, "102"), crm.why
    if failure != "busy":
        people.b.wait("ended", by="remote")
        people.b.wait("incoming", timeout=20)
    audio({people.a: [people.b], people.b: [people.a]}, timeout=12000)
    until(lambda: people.ids() == before, what=f"A's ids to be {before} again: {people.ids()}")
    assert not people.a.facts("ended")
