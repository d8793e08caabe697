"""The world outside, played by a robot at the trunk's address."""
import json

import pytest

from harness.config import OUTSIDE_NUMBER, TRUNK_ADDRESS
from harness.robot import audio
from harness.server import Server, counts
from harness.waiting import until


@pytest.fixture
def provider(phones, server):
    return phones("provider", registered=False, address=TRUNK_ADDRESS, port=server.trunk_port,
                  domain=TRUNK_ADDRESS, user="+49301234567")


def test_a_call_from_outside_reaches_its_number(phones, provider):
    b = phones("101", answer_after=0)
    provider.call(f"sip:{OUTSIDE_NUMBER}@127.0.0.1", headers={"P-Asserted-Identity": "<sip:+49301234567@example.net>"})
    assert b.wait("incoming")["from"] == "+49301234567"
    provider.wait("answered")
    audio({provider: [b], b: [provider]})


@pytest.mark.parametrize("name,value", [("Record-Route", "nonsense"), ("Max-Forwards", "abc")])
def test_a_call_from_outside_that_cannot_be_routed_back(phones, provider, server, name, value):
    b = phones("101", answer_after=0)
    with counts(server, "patchbay_sip_refused_total", reason="header"):
        provider.call(f"sip:{OUTSIDE_NUMBER}@127.0.0.1", headers={name: value})
        provider.wait("ended", status=400)
    assert not b.facts("incoming")


def test_an_asserted_identity_that_cannot_be_read_is_counted_and_left_out(phones, provider, server):
    b = phones("101", answer_after=0)
    with counts(server, "patchbay_sip_ignored_headers_total", header="P-Asserted-Identity"):
        provider.call(f"sip:{OUTSIDE_NUMBER}@127.0.0.1", headers={"P-Asserted-Identity": "<<<"})
        assert b.wait("incoming")["from"] == "+49301234567"


def test_an_outside_number_that_is_nobodys(phones, provider):
    provider.call("sip:+70000000000@127.0.0.1")
    assert provider.wait("ended")["status"] in (404, 403)


def test_the_trunk_cannot_call_extensions_it_was_not_given(phones, provider):
    b = phones("102", answer_after=0)
    provider.call("sip:102@127.0.0.1")
    provider.wait("ended")
    assert not b.facts("incoming")


def test_a_call_to_the_outside(phones, provider):
    a = phones("101")
    a.call("9123456")
    incoming = provider.wait("incoming")
    assert incoming["to"] == "123456"
    assert incoming["from"] == "+73832001099"
    provider.do("answer")
    a.wait("answered")
    audio({a: [provider], provider: [a]})
    provider.do("hangup")
    a.wait("ended", by="remote")


def test_privacy_towards_the_trunk(phones, provider):
    """A trusted trunk learns the caller, and that it is to be kept secret (RFC 3323, 3325)."""
    a = phones("101")
    a.call("9123456", headers={"Privacy": "id"})
    headers = provider.wait("incoming")["headers"]
    assert "anonymous" in headers["From"].lower()
    assert "id" in headers["Privacy"]
    assert "+73832001099" in headers["P-Asserted-Identity"]
    provider.do("reject", status=486)
    a.wait("ended", status=486)


def test_a_trunk_that_does_not_answer_at_all(own_server, phones_at):
    server = own_server(sip={"ring_timeout": 1})
    a = phones_at(server)("101")
    a.call("9123456")
    assert a.wait("ended", timeout=10)["status"] >= 400


def test_a_customer_from_outside_is_transferred(phones, provider, desk):
    b, s = phones("101", answer_after=0), phones("102", answer_after=0)
    provider.call(f"sip:{OUTSIDE_NUMBER}@127.0.0.1")
    provider.wait("answered")
    crm = desk("xml", "101")
    assert crm.transfer(crm.leg("101"), "102")
    audio({provider: [s], s: [provider]})


def test_the_server_registers_at_a_trunk_that_asks_for_it(own_server, phones_at):
    """Another Patchbay is the provider; ours is its extension 201."""
    outer = own_server()
    folder = outer.folder / "inner"
    folder.mkdir()
    trunk = {"name": "up", "host": "127.0.0.1", "port": outer.sip_port, "register": True, "user": "201",
             "password": "demo201", "inbound": {"addresses": ["127.0.0.1"], "numbers": {"201": "101"}},
             "outbound": [{"prefix": "9", "strip": 1}]}
    inner = Server(folder)
    config = json.loads(inner.config_file.read_text())
    config["domains"]["demo.local"]["trunks"] = [trunk]
    inner.config_file.write_text(json.dumps(config))
    inner.start()
    try:
        outside, inside = phones_at(outer)("102"), phones_at(inner)("101", answer_after=0)
        until(lambda: outer.metric("patchbay_sip_registered_numbers") == 2, 8, "the inner server's registration")
        outside.call("201")
        outside.wait("answered")
        inside.wait("connected")
        outside.do("hangup")
        inside.wait("ended")
    finally:
        inner.close()
