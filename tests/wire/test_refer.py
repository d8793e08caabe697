"""Transfers by the phones themselves (RFC 3515, 3891, 5589)."""
from harness.robot import MUSIC, audio


def test_a_blind_transfer_by_refer(phones):
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102")
    phones.talking(a, b)
    b.do("refer", to="102")
    b.wait("reply", method="REFER", status=202)
    incoming = s.wait("incoming")
    audio({a: [MUSIC]})
    s.do("answer", call=incoming["call"])
    audio({a: [s], s: [a]})


def test_a_transferor_that_hangs_up_right_after_202(phones):
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102", answer_after=200)
    phones.talking(a, b)
    b.do("on", fact={"event": "reply", "method": "REFER"}, do={"cmd": "hangup"})
    b.do("refer", to="102")
    b.wait("ended")
    s.wait("incoming")
    audio({a: [s], s: [a]})


def test_the_transferor_is_told_how_it_goes(phones):
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102")
    phones.talking(a, b)
    b.do("refer", to="102")
    b.wait("reply", method="REFER", status=202)
    first = b.wait("notify")
    assert first["status"] == 100 and first["state"] == "active"
    s.wait("incoming")
    s.do("answer")
    audio({a: [s], s: [a]})


def test_a_blind_transfer_to_a_busy_phone_comes_back(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones("102", reject=486)
    phones.talking(a, b)
    b.do("refer", to="102")
    b.wait("reply", method="REFER", status=202)
    audio({a: [b], b: [a]}, timeout=10000)


def test_an_attended_transfer_by_replaces(phones):
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    b.do("hold", call=1)
    b.wait("reply", status=200)
    consulting = phones.talking(b, s)
    audio({a: [MUSIC], (b, consulting): [s], s: [b]})
    b.do("refer_attended", call=1, replaces=consulting, to="sip:102@demo.local")
    b.wait("reply", method="REFER", status=202)
    audio({a: [s], s: [a]})


def test_a_refer_to_nowhere(phones):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    b.do("refer", to="555")
    reply = b.wait("reply", method="REFER")
    if reply["status"] == 202:
        status = 0
        while status < 200:
            status = b.wait("notify")["status"]
        assert status >= 400
    audio({a: [b], b: [a]})
