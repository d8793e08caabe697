"""What is wrong over XML and frames gets a documented answer with a reason, and costs other calls nothing."""
import contextlib
import socket as sockets

import pytest

from harness.ecss import Ecss, EcssSocket, from_xml
from harness.robot import audio
from harness.server import counts
from harness.waiting import PATIENCE, until
from harness.websocket import Closed, Refused, WebSocket


@pytest.fixture
def xml(server, ending):
    made = Ecss(server, "101")
    ending.append(made)
    return made


@pytest.fixture
def frames(server, ending):
    made = EcssSocket(server, "101")
    ending.append(made)
    return made


@pytest.fixture
def talk(phones):
    """A call in progress, which must sound the same after whatever is sent."""
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    yield a, b
    audio({a: [b], b: [a]})


def results(server, command, result, by=1, transport="http"):
    """Checks that what is done within is counted as answers to that command with that result."""
    return counts(server, "patchbay_ecss_commands_total", by, command=command, transport=transport, result=result)


def error_of(text):
    return from_xml(text).find("error").attributes


@pytest.mark.parametrize("body", [
    "", "<in>", "<in><request>", "not xml", "<in></out>", "<a/>", "<in/>", "<in><request><call_hold/></request></in>",
    "<in><request><call_hold conversation_id='0647e098a4b48b05' color='red'/></request></in>",
    "<in><request><call_unhold conversation_id='0647e098a4b48b05'/></request></in>",
    "<in><request><call_hold conversation_id='1'/><call_hold conversation_id='2'/></request></in>",
    "<!DOCTYPE in [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><in><request>&a;</request></in>",
    "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;'>]><in>&d;</in>",
    b"\xff\xfe<in/>", "<in>" + "<x>" * 5000,
])
def test_malformed_or_invalid_xml(xml, talk, server, body):
    with counts(server, "patchbay_ecss_invalid_requests_total", transport="http"), \
            results(server, "call_hold", "invalid"):
        status, _, text = xml.post("call_hold", body)
    assert status == 400
    error = error_of(text)
    assert error["reason"] == "invalid_request" and error["cmd"] == "call_hold"
    assert len(error["body"]) > 10 and "root:" not in text


def test_invalid_xml_says_where(xml):
    _, _, text = xml.post("call_hold", "<in>\n<request>\n<call_hold conversation='x'/>\n</request></in>")
    body = error_of(text)["body"]
    assert "3" in body and "call_hold" in body and "conversation" in body


def test_unknown_command_domain_and_method(xml, server):
    with results(server, "unknown", "other"):
        assert xml.command("brew_coffee").status == 404
    stranger = Ecss(server, "101", domain="nowhere.example")
    assert stranger.command("call_hold", conversation_id="0" * 16).status == 404
    status, headers, _ = xml.post("call_hold", None, method="GET")
    assert status == 405 and "POST" in headers["Allow"]
    stranger.close()


def test_wrong_content_type(xml, server):
    with results(server, "call_hold", "other"):
        status, _, text = xml.post("call_hold", "{}", **{"Content-Type": "application/json"})
    assert status == 415 and error_of(text)["body"]


def test_an_oversized_body(server, talk):
    """Refused by its announced length, before it is sent; the connection takes nothing more."""
    with counts(server, "patchbay_http_refused_total", 1, reason="body_size"), \
            contextlib.closing(sockets.create_connection(("127.0.0.1", server.http_port), 10 * PATIENCE)) as connection:
        connection.sendall(b"POST /demo.local/service/cc/arm/call_hold HTTP/1.1\r\nHost: x\r\n"
                           b"Content-Type: text/xml\r\nContent-Length: 3000000\r\n\r\n")
        answer = b""
        while more := connection.recv(4096):
            answer += more
        assert answer.startswith(b"HTTP/1.1 413 "), answer
    assert server.get("/healthz")[0] == 200


@pytest.mark.parametrize("make", [
    lambda s: Ecss(s, "101", secret="wrong"), lambda s: Ecss(s, "nobody"), lambda s: Ecss(s, "101", basic=False)],
    ids=["wrong password", "unknown operator", "no password"])
def test_who_is_not_known(server, ending, make):
    client = make(server)
    ending.append(client)
    with results(server, "conversations", "not_authorized"):
        answer = client.send("conversations", None, {}, {})
    assert answer.status == 401 and answer.reason == "not_authorized"
    assert "Basic" in answer.headers.get("WWW-Authenticate", "")


def test_login_by_cookie(server, ending):
    client = Ecss(server, "101", basic=False)
    ending.append(client)
    answer = client.login()
    assert answer.status == 200
    assert answer.node.find("response", "login").attributes["agent_id"] == "101"
    assert client.conversations() == []
    client.headers["Cookie"] = "patchbay_ecss=forged"
    assert client.send("conversations", None, {}, {}).status == 401


@pytest.mark.parametrize("ident", ["", "0", "0000000000000000", "ffffffffffffffff", "0647e098a4b48b05", "x" * 16,
                                   "'; drop table", "Анна"])
@pytest.mark.parametrize("command", ["call_hold", "call_unhold"])
def test_ids_that_are_nobodys(xml, frames, talk, server, command, ident):
    for transport, client in (("http", xml), ("websocket", frames)):
        with results(server, command, "refused", transport=transport):
            answer = client.command(command, conversation_id=ident)
        assert answer.status == 403 and answer.error["body"]


def test_another_operators_call(server, ending, talk):
    """102 may not touch 101's call, nor may a supervisor of another group; 105 supervises sales and may."""
    owner = Ecss(server, "101")
    ident = owner.conversation()["id"]
    for operator, operator_id in (("102", None), ("102", "101"), ("106", "101")):
        client = Ecss(server, operator)
        ending.append(client)
        attributes = {"conversation_id": ident, **({"operator_id": operator_id} if operator_id else {})}
        with results(server, "call_hold", "refused"):
            answer = client.command("call_hold", **attributes)
        assert answer.status == 403 and answer.reason == "cannot_perform_cmd"
    supervisor = Ecss(server, "105")
    ending.extend([owner, supervisor])
    assert supervisor.command("call_hold", conversation_id=ident, operator_id="101").ok
    assert supervisor.command("call_unhold", conversation_id=ident, operator_id="101").ok


def test_a_refusal_is_a_sentence(xml, talk):
    ident = xml.conversation()["id"]
    assert xml.command("call_unhold", conversation_id=ident).error["body"] == "The conversation is not on hold."
    assert xml.command("call_hold", conversation_id=ident).ok
    assert xml.command("call_hold", conversation_id=ident).error["body"] == "The conversation is on hold already."
    assert xml.command("call_unhold", conversation_id=ident).ok


@pytest.mark.parametrize("attributes", [
    {}, {"to_number": "102", "destination_conversation_id": "0647e098a4b48b05"}, {"to_number": ""},
    {"to_number": "555"}, {"destination_conversation_id": "0647e098a4b48b05"}])
def test_transfers_to_nowhere(xml, talk, attributes):
    ident = xml.conversation()["id"]
    answer = xml.command("call_unattended_transfer", original_conversation_id=ident, **attributes)
    assert answer.status in (400, 403) and answer.error["body"]


def test_a_command_that_does_not_fit_the_state(phones, xml, server):
    a, b = phones("201"), phones("101")
    a.call("101")
    b.wait("incoming")
    ident = xml.conversation(state="alerting")["id"]
    with results(server, "call_hold", "refused"):
        answer = xml.command("call_hold", conversation_id=ident)
    assert answer.status == 403 and answer.reason == "cannot_perform_cmd"
    b.do("answer")
    a.wait("answered")
    audio({a: [b], b: [a]})


BAD_FRAMES = ["", "x", "01", "0100000000", "02" + "0" * 10 + "0001", "01abcdefghij0001call_hold", "hello world" * 9,
              "0100000000480001" + " " * 32]


@pytest.mark.parametrize("text", BAD_FRAMES)
def test_bad_frame_headers(server, talk, text):
    client = EcssSocket(server, "101")
    with counts(server, "patchbay_ecss_bad_frames_total"):
        client.socket.send_text(text)
        try:
            answer = client.next_answer(5)
            assert answer[:2] == "01" and int(answer[16:19]) >= 400
            assert int(answer[2:12]) == len(answer.encode())
        except Closed as closed:
            assert closed.code in (1002, 1003, 1007, 1008)
    client.close()


@pytest.mark.parametrize("body", ["", "[", "{}", "[]", "null", '[{"_name":1}]', '[{"_name":"in","_content":"x"}]',
                                  '[{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"call_hold",'
                                  '"_attributes":{"conversation_id":5}}]}]}]', "[" * 3000])
def test_bad_json_in_a_frame(frames, talk, server, body):
    with counts(server, "patchbay_ecss_invalid_requests_total", transport="websocket"), \
            results(server, "call_hold", "invalid", transport="websocket"):
        answer = frames.exchange(frames.frame("call_hold", 77, body), 77)
    assert answer.status == 400 and answer.reason == "invalid_request"
    assert answer.error["body"]


def test_an_unknown_command_in_a_frame(frames, server):
    with results(server, "unknown", "other", transport="websocket"):
        answer = frames.command("brew_coffee")
    assert answer.status == 404 and answer.reason == "unknown_command"


def test_a_frame_before_login(server, ending):
    client = EcssSocket(server, "101", login=False)
    ending.append(client)
    answer = client.command("call_hold", conversation_id="0647e098a4b48b05")
    assert answer.status == 401 and answer.reason == "not_authorized"
    assert client.command("login", login="101", password="wrong").status == 401
    assert client.login().status == 200


def test_a_binary_message_closes_with_1003(frames, talk, server):
    with counts(server, "patchbay_ecss_bad_frames_total", reason="binary"):
        frames.socket.send_binary(b"\x00\x01")
        with pytest.raises(Closed) as closed:
            frames.next_answer(5)
    assert closed.value.code == 1003


def test_text_that_is_no_utf8_closes_with_1007(frames, talk, server):
    before = server.metric("patchbay_http_refused_total", reason="socket_message")
    frames.socket.send_raw(WebSocket.encode(1, b"01\xff\xfe"))
    with pytest.raises(Closed) as closed:
        frames.next_answer(5)
    assert closed.value.code == 1007
    until(lambda: server.metric("patchbay_http_refused_total", reason="socket_message") == before + 1, what="its count")


def test_half_a_frame_and_gone(server, talk):
    before = server.metric("patchbay_http_refused_total", reason="socket_broken_off")
    client = EcssSocket(server, "101")
    client.socket.send_raw(WebSocket.encode(1, b"x" * 100)[:40])
    client.socket.socket.close()
    until(lambda: server.metric("patchbay_http_refused_total", reason="socket_broken_off") == before + 1, what="its count")


def test_an_unmasked_frame_is_refused(frames):
    frames.socket.send_raw(WebSocket.encode(1, b"01", masked=False))
    with pytest.raises(Closed):
        frames.next_answer(5)


def test_an_upgrade_that_is_none(server):
    with pytest.raises(Refused) as refused:
        WebSocket("127.0.0.1", server.http_port, "/nowhere.example/service/cc/arm")
    assert refused.value.status in (403, 404)
    with pytest.raises(Refused) as refused:
        WebSocket("127.0.0.1", server.http_port, "/no/such/path")
    assert refused.value.status == 404


def test_a_client_that_stops_reading_is_cut_off(server, talk):
    """It asks and asks and never reads; others are served meanwhile, and the server does not wait until it goes."""
    before = server.metric("patchbay_http_sockets_cut_off_total")
    client = EcssSocket(server, "101")
    frame = WebSocket.encode(1, client.frame("conversations", 1, '[{"_name":"in","_content":[{"_name":"request"}]}]')
                             .encode())
    client.socket.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 1 << 17)  # it shall not grow

    def cut_off():
        with contextlib.suppress(ConnectionError):
            client.socket.send_raw(frame * 500)
        return server.metric("patchbay_http_sockets_cut_off_total") - before
    assert until(cut_off, 10, "the silent client's end") == 1
    other = Ecss(server, "101")
    assert other.conversations()
    other.close()
    with contextlib.closing(client.socket.socket), pytest.raises(Closed) as closed:
        while True:
            client.socket.receive_text(10)
    assert closed.value.code in (1013, None)  # None: it came to read after the grace the server leaves it
    until(lambda: server.metric("patchbay_http_sockets") == 0, 10, "the socket's end")


def test_a_slow_header_does_not_hold_the_server(server, talk):
    """Fifty requests that never come to the end of their header are answered 408 each, in their time."""
    with counts(server, "patchbay_http_refused_total", 50, reason="slow"), contextlib.ExitStack() as stack:
        slow = [stack.enter_context(sockets.create_connection(("127.0.0.1", server.http_port))) for _ in range(50)]
        for connection in slow:
            connection.sendall(b"POST /demo.local/service/cc/arm/call_hold HTTP/1.1\r\nHost: x\r\nX-")
        assert server.get("/healthz")[0] == 200
        for connection in slow:
            connection.settimeout(15 * PATIENCE)
            answer = b""
            while more := connection.recv(4096):
                answer += more
            assert answer.startswith(b"HTTP/1.1 408 "), answer


def test_two_commands_on_one_leg_at_the_same_instant(server, ending, talk):
    """Both get one result; the state is one of the two orders."""
    a, b = talk
    first, second = EcssSocket(server, "101"), EcssSocket(server, "101")
    ending.extend([first, second])
    ident = first.conversation()["id"]
    for _ in range(10):
        for number, client in ((501, first), (502, second)):
            client.socket.send_text(client.frame("call_hold", number, (
                '[{"_name":"in","_content":[{"_name":"request","_content":[{"_name":"call_hold","_attributes":'
                '{"conversation_id":"%s"}}]}]}]' % ident)))
        results = sorted([first.answer(501).status, second.answer(502).status])
        assert results == [200, 403]
        assert first.conversation()["state"] == "hold"
        assert first.command("call_unhold", conversation_id=ident).ok
