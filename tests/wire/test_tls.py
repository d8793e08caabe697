"""SIP and HTTP over TLS."""
import http.client
import socket
import ssl
import subprocess

import pytest

from harness.baresip import Baresip
from harness.ports import free_port
from harness.robot import audio
from harness.waiting import PATIENCE, until


@pytest.fixture
def tls_server(own_server, certificate):
    port = free_port()
    server = own_server(sip={"tls": f"127.0.0.1:{port}", "tls_files": certificate})
    server.tls_port = port
    return server


def test_options_over_tls(tls_server, certificate):
    context = ssl.create_default_context(cafile=certificate["certificate"])
    with socket.create_connection(("127.0.0.1", tls_server.tls_port), 5) as plain, \
            context.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
        tls.settimeout(5 * PATIENCE)
        tls.sendall((f"OPTIONS sips:101@127.0.0.1:{tls_server.tls_port} SIP/2.0\r\n"
                     "Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bKtls;rport\r\nMax-Forwards: 70\r\n"
                     "From: <sips:201@demo.local>;tag=1\r\nTo: <sips:101@demo.local>\r\nCall-ID: tls\r\n"
                     "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n").encode())
        assert tls.recv(4096).startswith(b"SIP/2.0 200")


def test_a_plain_client_at_the_tls_port(tls_server):
    with socket.create_connection(("127.0.0.1", tls_server.tls_port), 5) as plain:
        plain.settimeout(10 * PATIENCE)
        plain.sendall(b"OPTIONS sip:101@demo.local SIP/2.0\r\n\r\n")
        try:
            assert not plain.recv(4096).startswith(b"SIP/2.0 200")
        except ConnectionError:
            pass
    assert tls_server.get("/healthz")[0] == 200


def test_a_call_from_baresip_over_tls(tls_server, phones_at, ending, tmp_path):
    phones = phones_at(tls_server)
    a = Baresip("201", f"127.0.0.1:{tls_server.tls_port}", tmp_path, transport="tls")
    ending.append(a)
    a.registered()
    b = phones("101", answer_after=0)
    a.call("101")
    a.wait("CALL_ESTABLISHED")
    audio({b: [a]})
    a.hears(b)


def test_https(own_server, certificate):
    """The same interfaces over TLS; what is asked in plain gets no answer."""
    context = ssl.create_default_context(cafile=certificate["certificate"])
    server = own_server(https=context, http={"tls": certificate})
    assert server.get("/healthz")[0] == 200
    plain = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=5 * PATIENCE)
    try:
        plain.request("GET", "/healthz")
        status = plain.getresponse().status
    except (http.client.HTTPException, OSError):
        status = None  # cut off
    plain.close()
    assert status != 200


def test_a_renewed_certificate_is_served_after_a_reload(own_server, certificate, tmp_path):
    files = {name: str(tmp_path / name) for name in certificate}

    def renew():
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", files["key"], "-out", files["certificate"]], check=True, capture_output=True)

    renew()
    context = ssl._create_unverified_context()
    server = own_server(https=context, http={"tls": files})
    before = ssl.get_server_certificate(("127.0.0.1", server.http_port))
    renew()
    server.reload()
    until(lambda: ssl.get_server_certificate(("127.0.0.1", server.http_port)) != before, 10, "the new certificate")
    assert server.get("/healthz")[0] == 200
