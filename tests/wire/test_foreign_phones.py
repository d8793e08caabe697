"""Phones that are not ours: baresip as a party of every kind, sipp as caller and called."""
import re
import subprocess

import pytest

from harness.config import DOMAIN
from harness.ports import free_port
from harness.robot import MUSIC, audio
from harness.server import ROOT
from harness.waiting import PATIENCE, until


def test_the_manuals_phone_talks(server, phones, tmp_path, ending):
    """docs/manual/first-call.md, word for word but for the server's port."""
    manual = (ROOT / "docs/manual/first-call.md").read_text()
    script = re.search(r"^for n in .*?^done$", manual, re.M | re.S)[0]
    subprocess.run(["sh", "-ec", script.replace("127.0.0.1:5060", server.sip)], cwd=tmp_path, check=True)
    with (tmp_path / "log").open("wb") as log:
        phone = subprocess.Popen(["baresip", "-f", "phone101"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=log, stderr=log)
    ending.append(ManualPhone(phone))
    until(lambda: server.metric("patchbay_sip_registered_numbers") == 1, 10, "baresip's registration")
    a = phones("201", listen="440")
    a.call("101")
    a.wait("ringing")
    until(lambda: b"Incoming call" in (tmp_path / "log").read_bytes(), 5, "the incoming call")
    phone.stdin.write(b"/accept\n")
    phone.stdin.flush()
    a.wait("answered")
    heard = a.wait("tones", id=a.tell("wait_tones", want=[440], timeout=8000 * PATIENCE))
    assert heard["ok"], heard
    a.do("hangup")


class ManualPhone:
    def __init__(self, process):
        self.process = process

    def end(self):
        self.process.stdin.write(b"/quit\n")
        self.process.stdin.close()
        self.process.wait(10 * PATIENCE)


def test_baresip_is_called_and_both_hear_each_other(phones, baresip):
    a, b = phones("201"), baresip("101")
    a.call("101")
    b.wait("CALL_INCOMING")
    b.accept()
    a.wait("answered")
    audio({a: [b]})
    b.hears(a)
    a.do("hangup")
    b.wait("CALL_CLOSED")


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_baresip_calls(phones, baresip, transport):
    a, b = baresip("201", transport=transport), phones("101", answer_after=0)
    a.call("101")
    a.wait("CALL_ESTABLISHED")
    audio({b: [a]})
    a.hears(b)
    a.hangup()
    b.wait("ended", by="remote")


@pytest.mark.parametrize("dialect", ["xml", "frames", "ringme"])
def test_baresips_call_is_held_by_the_interface(phones, baresip, desk, dialect):
    a, b = phones("201"), baresip("101", answer="auto")
    a.call("101")
    a.wait("answered")
    crm = desk(dialect, "101")
    leg = crm.leg("101")
    assert crm.hold(leg)
    audio({a: [MUSIC]})
    b.hears()
    assert crm.retrieve(leg)
    audio({a: [b]})
    b.hears(a)


def test_baresip_hears_music_while_it_is_held(phones, baresip):
    a, b = baresip("201"), phones("101", answer_after=0)
    a.call("101")
    a.wait("CALL_ESTABLISHED")
    b.wait("connected")
    b.do("hold")
    b.wait("reply", status=200)
    a.hears(MUSIC)
    b.do("unhold")
    b.wait("reply", status=200)
    a.hears(b)


def test_baresips_own_hold_button(phones, baresip):
    a, b = phones("201"), baresip("101", answer="auto")
    a.call("101")
    a.wait("answered")
    audio({a: [b]})
    b.hold()
    audio({a: [MUSIC]})
    b.resume()
    audio({a: [b]})


@pytest.mark.parametrize("dialect", ["xml", "ringme"])
def test_a_customer_with_baresip_is_transferred(phones, baresip, desk, dialect):
    a, b, s = baresip("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    a.call("101")
    a.wait("CALL_ESTABLISHED")
    crm = desk(dialect, "101")
    assert crm.transfer(crm.leg("101"), "102")
    b.wait("ended")
    audio({s: [a]})
    a.hears(s)


def test_a_transfer_to_baresip(phones, baresip, desk):
    a, b, s = phones("201"), phones("101", answer_after=0), baresip("102", answer="auto")
    phones.talking(a, b)
    crm = desk("xml", "101")
    assert crm.transfer(crm.leg("101"), "102")
    audio({a: [s]})
    s.hears(a)


def test_baresip_transfers_by_refer(phones, baresip):
    a, b, s = phones("201"), baresip("101", answer="auto"), phones("102", answer_after=0)
    a.call("101")
    a.wait("answered")
    audio({a: [b]})
    b.transfer("102")
    s.wait("connected")
    audio({a: [s], s: [a]})


def test_baresip_supervises(phones, baresip, desk):
    a, b, s = phones("201"), phones("101", answer_after=0), baresip("102", answer="auto", hertz=1425)
    phones.talking(a, b)
    crm = desk("xml", "101")
    assert crm.conference(crm.leg("101"), "102")
    audio({a: [b, s], b: [a, s]})
    s.hears(a, b)


def test_sipp_calls(phones, sipp):
    b = phones("101", answer_after=0)
    run = sipp("call", user="201", service="101", calls=3)
    run.went_well()
    for call in (1, 2, 3):
        b.wait("ended", call=call, by="remote")


def test_sipp_is_called(phones, sipp):
    a = phones("201")
    called = sipp("answer", calls=1)
    contact = {"user": "104", "auth_uri": DOMAIN, "contact_port": str(called.port)}
    sipp("register", expires="120", **contact).went_well()
    a.call("104")
    a.wait("answered")
    a.do("hangup")
    called.went_well()
    sipp("register", expires="0", **contact).went_well()


def test_a_customer_at_sipp_is_held_transferred_parked_and_cleared(phones, sipp, desk):
    """It sends back what it hears, so whoever it hears hears themselves."""
    b, s = phones("101", answer_after=0), phones("102", answer_after=0)
    run = sipp("stay", user="201", service="101", options=("-rtp_echo", "-mp", str(free_port())))
    b.wait("connected")
    audio({b: [b]})
    crm = desk("xml", "101")
    leg = crm.leg("101")
    assert crm.hold(leg)
    audio({b: []})
    assert crm.retrieve(leg)
    audio({b: [b]})
    assert crm.transfer(leg, "102")
    b.wait("ended", by="remote")
    s.wait("connected")
    audio({s: [s]})
    at_s = desk("ringme", "102")
    assert at_s.park(at_s.leg("102")), at_s.reply
    s.wait("ended", by="remote")
    b.call(str(at_s.reply.body["park_slot"]))
    b.wait("answered")
    audio({b: [b]})
    assert run.process.poll() is None
    at_b = desk("ringme", "101")
    assert at_b.clear(at_b.leg("101"))
    run.went_well()


@pytest.mark.parametrize("last", ["transfer", "park", "pickup"])
def test_an_operator_at_sipp_is_held_and_leaves_the_call(phones, sipp, desk, last):
    """Its leg is cleared by BYE when the command has given the customer to somebody else."""
    a, s = phones("201"), phones("102", answer_after=0)
    operator = sipp("answer", calls=1)
    contact = {"user": "104", "auth_uri": DOMAIN, "contact_port": str(operator.port)}
    sipp("register", expires="120", **contact).went_well()
    a.call("104")
    a.wait("answered")
    crm = desk("ringme", "104")
    leg = crm.leg("104")
    assert crm.hold(leg)
    audio({a: [MUSIC]})
    assert crm.retrieve(leg)
    audio({a: []})  # it is silent
    if last == "park":
        assert crm.park(leg), crm.reply
        audio({a: [MUSIC]})
    else:
        assert getattr(crm, last)(leg, "102"), crm.reply
        s.wait("connected")
        audio({a: [s], s: [a]})
    operator.went_well()
    a.do("hangup")
    sipp("register", expires="0", **contact).went_well()


def test_a_burst_of_calls_by_sipp_leaves_nothing(phones, sipp):
    """Thirty calls at fifteen a second, several at a time; after them the server is as before (fixture)."""
    phones("101", answer_after=0)
    run = sipp("call", user="201", service="101", calls=30, options=("-r", "15"))
    run.went_well()
