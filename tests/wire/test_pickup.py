"""Calls that others take: parked ones by pickup instead of the slot, and takers that race each other."""
import threading

import pytest

from harness.robot import MUSIC, audio
from harness.ringme import Ringme
from harness.waiting import until


def test_a_parked_call_is_picked_up_by_a_command(phones, desk):
    """The parker's leg has ended; what is named is the parked leg itself."""
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    parked, crm = desk("ringme", "201"), desk("ringme", "101")
    leg = parked.leg("201")
    assert crm.park(crm.leg("101")), crm.reply
    b.wait("ended", by="remote")
    audio({a: [MUSIC]})
    assert parked.pickup(leg, "102"), parked.reply
    s.wait("connected")
    audio({a: [s], s: [a]})
    assert parked.leg("201") == leg and not a.facts("ended")


def picked_up_at_once(server, ending, extension, ident, *takers):
    """PUT pickup for each taker, from a connection of its own, at one instant: their replies."""
    clients = [Ringme(server) for _ in takers]
    ending.extend(clients)
    start, replies = threading.Barrier(len(takers)), []

    def put(client, taker):
        start.wait()
        replies.append((taker, client.put(extension, ident, "pickup", taker)))
    threads = [threading.Thread(target=put, args=pair) for pair in zip(clients, takers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(replies, key=lambda reply: reply[1].status)


@pytest.mark.parametrize("state", ["ringing", "answered", "parked"])
def test_two_pickups_at_the_same_instant(server, ending, phones, desk, state):
    """One is accepted and rings; the other is told why not, and its phone does not ring."""
    a = phones("201")
    b = phones("101", **({"ring_only": True} if state == "ringing" else {"answer_after": 0}))
    others = {number: phones(number) for number in ("102", "103")}
    a.call("101")
    a.wait("ringing" if state == "ringing" else "answered")
    crm = desk("ringme", "101" if state != "parked" else "201")
    if state == "parked":
        assert crm.client.put("101", crm.client.call("101")["call_api_id"], "park").status == 200
        b.wait("ended")
    ident = crm.leg(crm.number)
    (winner, accepted), (loser, refused) = picked_up_at_once(server, ending, crm.number, ident, *others)
    assert (accepted.status, refused.status) == (200, 409)
    assert "picking this call up" in refused.body["message"]
    s = others[winner]
    s.wait("incoming")
    s.do("answer")
    if state != "parked":
        b.wait("ended")
    audio({a: [s], s: [a]})
    assert not others[loser].facts("incoming")


@pytest.fixture
def ringing_at_two(phones, desk):
    """A rings B; S was told to pick up and rings as well."""
    a, b, s = phones("201"), phones("101"), phones("102")
    a.call("101")
    b.wait("incoming")
    crm = desk("ringme", "101")
    assert crm.pickup(crm.leg("101"), "102"), crm.reply
    s.wait("incoming")
    return a, b, s


def test_b_answers_while_s_rings(ringing_at_two):
    a, b, s = ringing_at_two
    b.do("answer")
    s.wait("ended", by="remote", status=487)
    audio({a: [b], b: [a]})


def test_b_and_s_answer_at_the_same_instant(ringing_at_two):
    """Exactly one has the call; the other's ends."""
    a, b, s = ringing_at_two
    b.tell("answer")
    s.tell("answer")
    until(lambda: b.facts("ended") or s.facts("ended"), what="the loser's end")
    winner, loser = (s, b) if b.facts("ended") else (b, s)
    assert loser.wait("ended")["by"] == "remote"
    audio({a: [winner], winner: [a]})
    assert not winner.facts("ended")
