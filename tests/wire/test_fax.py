"""Faxes sent to a number by a fax machine of the robot's: as audio and by T.38, pel for pel, and had over HTTP."""
import re
import struct

import pytest

from harness.config import DOMAIN
from harness.ecss import Ecss
from harness.waiting import until
from test_recording import fetch

WIDTH, ROWS = 1728, 280
NUMBER = "650"
LONG = 60  # s: fax machines take their time


def tiff(path, compression, data, rows):
    """A page of one strip: black and white, 204 by 98 dots an inch, black is one."""
    entries = [(256, 4, WIDTH), (257, 4, rows), (258, 3, 1), (259, 3, compression), (262, 3, 0), (273, 4, 8), (277, 3, 1),
               (278, 4, rows), (279, 4, len(data)), (282, 5, 8 + len(data)), (283, 5, 16 + len(data)), (296, 3, 2)]
    directory = struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        directory += struct.pack("<HHI", tag, kind, 1) + (struct.pack("<HH", value, 0) if kind == 3
                                                          else struct.pack("<I", value))
    path.write_bytes(b"II*\0" + struct.pack("<I", 24 + len(data)) + data + struct.pack("<IIII", 204, 1, 98, 1) +
                     directory + struct.pack("<I", 0))
    return str(path)


@pytest.fixture
def page(tmp_path):
    """A page of boxes and slanted lines, of which no row is like the one before."""
    rows = []
    for y in range(ROWS):
        row = bytearray(WIDTH // 8)
        for x in range(20, WIDTH // 8 - 20):
            if (x // 16 + y // 40) % 3 == 0:
                row[x] = 0xF0 >> (y % 5)
        row[(y * 7) % (WIDTH // 8)] = 0xFF
        rows.append(bytes(row))
    return tiff(tmp_path / "sent.tiff", 1, b"".join(rows), ROWS)


@pytest.fixture
def office(own_server, phones_at, tmp_path):
    """office(**settings of the number) starts a server with a number for fax; `phones` makes its phones."""
    class Office:
        def __init__(self, **settings):
            self.server = own_server(media={"faxes": str(tmp_path / "faxes")},
                                     domains={DOMAIN: {"faxes": [{"number": NUMBER, "name": "Fax", **settings}]}})
            self.phones = phones_at(self.server)

        def own_urls(self, name, number):
            answer = Ecss(self.server, number).command("operator_call_history", child="filters", limit=10)
            assert answer.status == 200, answer.raw
            return [url.attributes["value"] for record in answer.node.find("response", "history").children
                    for urls in record.children if urls.name == name for url in urls.children]
    return Office


def send(phone, page):
    call = phone.call(NUMBER)
    phone.wait("answered", call=call)
    phone.do("fax", file=page, call=call)
    return call


def pages_of(phone, path):
    return phone.ask("fax_pages", "fax_pages", file=str(path))["pages"]


def embedded_page(pdf, path):
    """The image of a PDF of one page, as a TIFF of group 4."""
    found = re.search(rb"/Width (\d+) /Height (\d+) .*?/Length (\d+) >>\nstream\n", pdf, re.S)
    assert found and int(found[1]) == WIDTH
    return tiff(path, 4, pdf[found.end():found.end() + int(found[3])], int(found[2]))


def check_document(office, phone, page, tmp_path, number):
    url = until(lambda: office.own_urls("success_faxes", number), what="the fax in history")[0]
    status, headers, pdf = fetch(office.server, number, url)
    assert status == 200 and headers["Content-Type"] == "application/pdf" and pdf.startswith(b"%PDF-1.4")
    status, headers, received = fetch(office.server, number, url + "?format=tiff")
    assert status == 200 and headers["Content-Type"] == "image/tiff"
    (tmp_path / "received.tiff").write_bytes(received)
    sent = pages_of(phone, page)
    assert sent[0]["rows"] == ROWS
    assert pages_of(phone, tmp_path / "received.tiff") == sent
    assert pages_of(phone, embedded_page(pdf, tmp_path / "embedded.tiff")) == sent
    status, headers, part = fetch(office.server, number, url, Range="bytes=0-7")
    assert status == 206 and part == b"%PDF-1.4"
    assert fetch(office.server, number, url, secret="wrong")[0] == 401
    reads = (tmp_path / "faxes" / "reads.log").read_text()
    assert '"status":200' in reads and f'"who":"{number}"' in reads
    assert office.own_urls("failed_faxes", number) == []


def test_a_fax_comes_as_audio(office, page, tmp_path):
    at = office(t38=False)
    a = at.phones("101")
    call = send(a, page)
    assert a.wait("fax_sent", timeout=LONG)["reason"] == ""
    a.wait("ended", call=call, by="remote", timeout=LONG)
    assert at.server.metric("patchbay_media_faxes_total", way="audio", outcome="received") == 1
    check_document(at, a, page, tmp_path, "101")


def test_a_fax_comes_by_t38_that_the_server_asks_for(office, page, tmp_path):
    at = office()
    a = at.phones("101", t38=True)
    call = send(a, page)
    a.wait("sdp", t38=True)
    assert a.wait("fax_sent", timeout=LONG)["reason"] == ""
    a.wait("ended", call=call, by="remote", timeout=LONG)
    assert at.server.metric("patchbay_media_faxes_total", way="t38", outcome="received") == 1
    check_document(at, a, page, tmp_path, "101")


def test_a_machine_that_refuses_t38_faxes_as_audio_and_may_ask_for_it_later(office, page, tmp_path):
    at = office()
    a = at.phones("101")
    call = send(a, page)
    a.wait("request", method="INVITE")  # refused with 488
    a.do("t38", call=call)
    a.wait("reply", method="INVITE", status=200)
    assert a.wait("fax_sent", timeout=LONG)["reason"] == ""
    a.wait("ended", call=call, by="remote", timeout=LONG)
    assert at.server.metric("patchbay_media_faxes_total", way="t38", outcome="received") == 1
    check_document(at, a, page, tmp_path, "101")


def test_a_sender_that_hangs_up_is_a_failed_fax(office):
    at = office()
    a = at.phones("101")
    call = a.call(NUMBER)
    a.wait("answered", call=call)
    a.do("hangup", call=call)
    a.wait("ended", call=call)
    url = until(lambda: at.own_urls("failed_faxes", "101"), what="the failed fax in history")[0]
    assert at.own_urls("success_faxes", "101") == []
    assert fetch(at.server, "101", url)[0] == 404, "nothing came"


def test_a_fax_machine_is_no_party_of_a_talk(office):
    at = office()
    a, b = at.phones("101"), at.phones("102", answer_after=0)
    at.phones.talking(a, b)
    desk = Ecss(at.server, "101")
    conversation = desk.conversations()[0]["id"]
    for command in ("call_unattended_transfer", "call_attended_transfer"):
        answer = desk.command(command, original_conversation_id=conversation, to_number=NUMBER)
        assert not answer.ok and answer.reason, answer.raw
    assert len(desk.conversations()) == 1
