"""The robot proves itself first: two of them, with no server between them."""
import json
import subprocess

import pytest

from harness.robot import BINARY, Robot, audio
from harness.waiting import PATIENCE, until


@pytest.fixture
def pair(ending):
    """A pair of robots that call each other directly; returns a maker: pair(a options, b options)."""
    def make(mine=None, theirs=None):
        b = Robot("102", "127.0.0.1:9", tone=675, **(theirs or {"answer_after": 0}))
        a = Robot("101", b.sip, tone=425, **(mine or {}))
        ending.extend([a, b])
        return a, b
    return make


def connect(a, b, **fields):
    a.call("102", **fields)
    a.wait("answered")
    b.wait("connected")


@pytest.mark.parametrize("options", [{}, {"transport": "tcp"}, {"codecs": "PCMU"}, {"100rel": "required"}])
def test_two_robots_hear_each_other(pair, options):
    a, b = pair(options)
    connect(a, b)
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended", by="remote")
    assert a.stats()["repeated"] < 3


def test_a_wrong_expectation_fails(pair):
    a, b = pair()
    connect(a, b)
    with pytest.raises(AssertionError, match="should hear"):
        audio({a: []}, timeout=600)
    with pytest.raises(AssertionError, match="should hear"):
        audio({a: [a]}, timeout=600)


def test_a_third_sound_is_noticed(pair):
    a, b = pair()
    connect(a, b)
    b.do("tone", hertz=2000)
    assert a.ask("wait_tones", "tones", want=[], other=True, **{"not": [425, 675]})["ok"]
    b.do("tone", hertz=0)
    audio({a: [], b: [a]})


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_hold_is_told_to_the_other_side(pair, method):
    a, b = pair()
    connect(a, b)
    a.do("hold", method=method)
    b.wait("held")
    audio({a: [], b: [a]})
    a.do("unhold", method=method)
    b.wait("retrieved")
    audio({a: [b], b: [a]})


def test_a_late_offer(pair):
    a, b = pair()
    connect(a, b, late_offer=True)
    audio({a: [b], b: [a]})


def test_an_ack_that_never_comes(pair):
    a, b = pair({"fault": "never-ack"})
    a.call("102")
    a.wait("answered")
    b.wait("answered")
    until(lambda: b.stats()["repeated"] >= 2, what="repeated answers")
    assert not b.facts("connected")


def test_glare(pair):
    a, b = pair()
    connect(a, b)
    b.do("on", fact={"event": "request", "method": "INVITE"}, do={"cmd": "hold"})
    a.do("hold")
    a.wait("reply", method="INVITE", status=491)
    for phone in (a, b):
        phone.wait("reply", timeout=15, method="INVITE", status=200)


def test_rules_and_refusals(pair):
    a, b = pair({}, {"ring_only": True})
    b.do("rule", method="INVITE", status=480, times=1)
    a.call("102")
    a.wait("ended", call=1, status=480)
    a.call("102")
    b.wait("incoming")
    a.do("cancel")
    a.wait("ended", call=2, status=487)
    b.wait("ended", status=487)


def test_a_script(tmp_path, ending):
    b = Robot("102", "127.0.0.1:9", answer_after=0)
    ending.append(b)
    script = tmp_path / "script"
    script.write_text("# a comment\n" + "\n".join(json.dumps(line) for line in (
        {"cmd": "call", "to": "102"}, {"cmd": "await", "fact": {"event": "answered"}}, {"cmd": "hangup"},
        {"cmd": "await", "fact": {"event": "ended"}})))
    done = subprocess.run([BINARY, "--server", b.sip, "--script", str(script)], capture_output=True, text=True,
                          timeout=20 * PATIENCE, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-2])["event"] in ("ended", "reply", "done")
    b.wait("ended", by="remote")


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"cmd":"fly"}', '{"cmd":"hangup"}', '{"cmd":"call"}',
                                  '{"cmd":"call","to":5}', '{"cmd":"hold","phone":9}', "[1]"])
def test_commands_that_make_no_sense_are_refused(pair, line):
    a, _ = pair()
    a.process.stdin.write(line + "\n")
    assert a.wait("refused")["text"]


@pytest.mark.parametrize("arguments", [["--server", "nowhere"], ["--codecs", "G729"], ["--fault", "x"], ["--what"]])
def test_a_wrong_command_line(arguments):
    done = subprocess.run([BINARY, *arguments], capture_output=True, stdin=subprocess.DEVNULL, timeout=10 * PATIENCE,
                          check=False)
    assert done.returncode > 100


def test_sigterm_hangs_up_first(pair):
    a, b = pair()
    connect(a, b)
    assert a.end() == 0
    b.wait("ended", by="remote")
