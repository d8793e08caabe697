"""Answers over XML are what the schemas in spec/ecss say, and word for word what the manual prints."""
import subprocess

import pytest

from harness.config import PEOPLE
from harness.ecss import Ecss
from harness.robot import audio
from harness.schema import checked_desks
from harness.server import ROOT
from harness.waiting import until


@pytest.fixture
def client(server, ending):
    made = Ecss(server, "101")
    ending.append(made)
    return made


@pytest.fixture
def talk(phones):
    a, b = phones("202"), phones("101", answer_after=0)
    phones.talking(a, b)
    return a, b


@pytest.fixture
def valid(tmp_path):
    """valid(schema, text): xmllint agrees."""
    def check(schema, text):
        file = tmp_path / "answer.xml"
        file.write_text(text)
        done = subprocess.run(["xmllint", "--noout", "--schema", str(ROOT / f"spec/ecss/{schema}.xsd"), str(file)],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + text
    return check


def body_of(text):
    return text[text.index("?>") + 2:].strip() if text.startswith("<?xml") else text.strip()


def test_a_plain_success_word_for_word(client, talk):
    ident = client.conversation()["id"]
    for command in ("call_hold", "call_unhold"):
        answer = client.command(command, conversation_id=ident)
        assert answer.status == 200
        assert body_of(answer.raw) == (
            f'<out xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" xs:noNamespaceSchemaLocation="{command}.xsd">'
            "<response><ok/></response></out>")
    a, b = talk
    audio({a: [b], b: [a]})


def test_every_answer_fits_its_schema(client, talk, valid):
    listed = client.send("conversations", None, {}, {})
    valid("conversations", listed.raw)
    assert listed.node.find("response", "conversations").children[0].attributes["remote_display_name"] == \
        PEOPLE["202"][0]
    assert talk[1].facts("incoming")[0]["from_name"] == PEOPLE["202"][0]
    ident = client.conversation()["id"]
    valid("call_hold", client.command("call_hold", conversation_id=ident).raw)
    refused = client.command("call_hold", conversation_id=ident)
    assert refused.status == 403
    valid("call_hold", refused.raw)
    valid("call_unhold", client.command("call_unhold", conversation_id=ident).raw)
    valid("operator_call_history", client.command("operator_call_history", child="filters", limit=5).raw)
    valid("login", client.login().raw)
    valid("error_answer", client.command("brew_coffee").raw)


@pytest.mark.parametrize("transport", ["xml", "frames"])
def test_a_consultation_without_a_mode_is_a_whisper(transport, server, ending, talk, phones):
    """The answer, and the history of the call in the end, fit their schemas over both transports."""
    a, b = talk
    s = phones("102", answer_after=0)
    desk = checked_desks(transport, server, ending)("101")
    conversation = desk.conversation()
    assert desk.command("call_consult", conversation_id=conversation["id"], to_number="102").ok
    audio({a: [b], b: [a, s], s: [a, b]})
    a.do("hangup")
    b.wait("ended")

    def records():
        answer = desk.command("operator_call_history", child="filters", limit=5)
        return [node.attributes["call_ref"] for node in answer.node.find("response", "history").children]
    assert until(lambda: conversation["call_ref"] in records(), what="the call's record")


def test_keep_alive_serves_many_requests_on_one_connection(client):
    for _ in range(50):
        assert client.conversations() == []
    assert client.http.sock is not None
