"""SIP over WebSocket (RFC 7118) without a browser: what goes through, and what does not."""
import hashlib
import re

import pytest

from harness.config import DOMAIN, password
from harness.waiting import until
from harness.websocket import Closed, Refused, WebSocket

SIP = {"Sec-WebSocket-Protocol": "sip"}


@pytest.fixture
def connect(server, ending):
    def make(headers=None):
        socket = WebSocket("127.0.0.1", server.http_port, "/sip", SIP if headers is None else headers)
        ending.append(socket)
        return socket
    return make


def request(method, number, call, cseq=1, extra=""):
    return (f"{method} sip:{DOMAIN} SIP/2.0\r\nVia: SIP/2.0/WS there.invalid;branch=z9hG4bK{call}{cseq}\r\n"
            f"Max-Forwards: 70\r\nFrom: <sip:{number}@{DOMAIN}>;tag=1\r\nTo: <sip:{number}@{DOMAIN}>\r\n"
            f"Call-ID: {call}\r\nCSeq: {cseq} {method}\r\n{extra}")


def register(socket, number, call):
    contact = f"Contact: <sip:{number}@there.invalid;transport=ws>;expires=300\r\n"
    socket.send_text(request("REGISTER", number, call, 1, contact + "\r\n"))
    challenge = socket.receive_text()
    assert challenge.startswith("SIP/2.0 401"), challenge
    nonce, realm = re.search(r'nonce="([^"]+)"', challenge)[1], re.search(r'realm="([^"]+)"', challenge)[1]

    def md5(text):
        return hashlib.md5(text.encode()).hexdigest()

    ha1, ha2 = md5(f"{number}:{realm}:{password(number)}"), md5(f"REGISTER:sip:{DOMAIN}")
    digest = md5(f"{ha1}:{nonce}:00000001:x:auth:{ha2}")
    proof = (f'Authorization: Digest username="{number}", realm="{realm}", nonce="{nonce}", uri="sip:{DOMAIN}", qop=auth, '
             f'nc=00000001, cnonce="x", response="{digest}"\r\n')
    socket.send_text(request("REGISTER", number, call, 2, contact + proof + "\r\n"))
    assert socket.receive_text().startswith("SIP/2.0 200")


def test_an_answer_comes_back_by_the_transport_it_asked_by(connect):
    socket = connect()
    socket.send_text(request("OPTIONS", "201", "o1") + "\r\n")  # without a Content-Length, which a frame may leave out
    answer = socket.receive_text()
    assert answer.startswith("SIP/2.0 200")
    assert re.search(r"^(Via|v): SIP/2.0/WS there.invalid", answer, re.M)
    socket.send_binary((request("OPTIONS", "201", "o2") + "Content-Length: 0\r\n\r\n").encode())
    assert socket.receive_text().startswith("SIP/2.0 200")


def test_a_keep_alive_is_answered(connect):
    socket = connect()
    socket.send_text("\r\n\r\n")
    assert socket.receive_text() == "\r\n"


def test_a_socket_is_a_flow_and_its_end_the_end_of_the_registration(server, connect, phones):
    socket = connect()
    register(socket, "201", "r1")
    a = phones("101")
    a.call("201")
    invite = socket.receive_text()
    assert invite.startswith("INVITE sip:201@there.invalid;transport=ws SIP/2.0")
    assert re.search(r"^(Via|v): SIP/2.0/WS ", invite, re.M)
    assert "UDP/TLS/RTP/SAVPF" in invite and "a=ice-lite" in invite and "a=rtcp-mux" in invite
    copied = "".join(line + "\r\n" for line in invite.split("\r\n") if re.match(r"(Via|v|From|f|Call-ID|i|CSeq):", line, re.I))
    to = re.search(r"^(?:To|t): (.*)\r$", invite, re.M)[1]
    socket.send_text(f"SIP/2.0 486 Busy Here\r\n{copied}To: {to};tag=busy\r\nContent-Length: 0\r\n\r\n")
    assert a.wait("ended")["status"] == 486
    assert socket.receive_text().startswith("ACK")
    socket.close()
    until(lambda: server.metric("patchbay_sip_websockets") == 0, what="the socket to be gone")
    until(lambda: server.metric("patchbay_sip_registered_numbers") == 1, what="the number to be unregistered")
    a.call("201")
    assert a.wait("ended")["status"] in (404, 480)


def test_other_subprotocols_are_refused(connect):
    for headers in ({}, {"Sec-WebSocket-Protocol": "xmpp"}):
        with pytest.raises(Refused) as refused:
            connect(headers)
        assert refused.value.status == 400


@pytest.mark.parametrize("text", ["hello", "x" * 70000, "INVITE sip:a@b SIP/2.0\r\nContent-Length: 5\r\n\r\n"])
def test_what_is_no_sip_closes_the_socket(server, connect, text):
    socket = connect()
    socket.send_text(text)
    with pytest.raises(Closed):
        socket.receive_text()
    until(lambda: server.metric("patchbay_sip_websockets") == 0, what="the socket to be gone")
