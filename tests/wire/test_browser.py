"""A browser's SIP library over WebSocket, its audio over DTLS-SRTP: headless Chromium with a fake microphone."""
import fcntl
import re
import ssl

import pytest

from harness.browser import PAGE, Browser
from harness.robot import audio
from harness.waiting import until

BROWSER_TONE = 1175
SLOW = 60000  # ms: it runs beside everything else


@pytest.fixture
def browser(ending, tmp_path):
    """One at a time, however many tests run side by side: a Chromium that has to wait for its share stutters."""
    with (PAGE / "package.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = Browser(tmp_path, BROWSER_TONE)
        ending.append(made)
        yield made
        made.close()


def test_a_browser_and_a_phone_call_each_other(server, phones, browser):
    robot = phones("101", answer_after=0, tone=425)
    browser.register(server, "201")
    browser.call("101")
    audio({robot: [browser]}, timeout=SLOW)
    browser.hears(robot)
    transport = browser.evaluate("phone.transport()")
    assert transport["dtls"] == "connected"
    assert "GCM" in transport["srtp"]
    robot.do("hold")
    robot.wait("reply", method="INVITE", status=200)
    robot.do("unhold")
    robot.wait("reply", method="INVITE", status=200)
    audio({robot: [browser]}, timeout=SLOW)
    browser.evaluate("phone.hangUp().then(() => null)")
    robot.wait("ended", by="remote")

    robot.call("201")
    robot.wait("answered", timeout=30)
    audio({robot: [browser]}, timeout=SLOW)
    browser.hears(robot)
    robot.do("hangup")
    until(lambda: browser.evaluate("phone.state()") == "Terminated", what="the browser's call to end")


def test_a_browser_takes_a_new_codec_when_its_party_changes(server, phones, browser):
    a, b = phones("101", tone=425, codecs="PCMA"), phones("102", answer_after=0, tone=675, codecs="PCMU")
    browser.register(server, "201")
    a.call("201")
    a.wait("answered", timeout=30)
    audio({a: [browser]}, timeout=SLOW)
    before = browser.evaluate("phone.remote()")
    a.do("refer", to="102")
    b.wait("incoming")
    audio({b: [browser]}, timeout=SLOW)
    browser.hears(b)
    after = browser.evaluate("phone.remote()")
    fingerprint = re.compile(r"^a=(?:fingerprint|ice-ufrag):.*$", re.M)
    assert after != before  # our re-INVITE, in the same association
    assert fingerprint.findall(after) == fingerprint.findall(before)


def test_a_browser_that_goes_is_not_registered_any_more(server, phones, browser):
    robot = phones("101")
    browser.register(server, "201")
    assert server.metric("patchbay_sip_websockets") == 1
    browser.close()
    until(lambda: server.metric("patchbay_sip_websockets") == 0, 15, "the socket to be gone")
    robot.call("201")
    assert robot.wait("ended")["status"] in (404, 480)


def test_a_browser_over_tls(own_server, phones_at, certificate, browser):
    server = own_server(https=ssl.create_default_context(cafile=certificate["certificate"]), http={"tls": certificate})
    robot = phones_at(server)("101", answer_after=0, tone=425)
    browser.register(server, "201")
    browser.call("101")
    audio({robot: [browser]}, timeout=SLOW)
    browser.hears(robot)
