"""Copies for a capture server: a socket of the test is the collector."""
import contextlib
import json
import socket
import sqlite3
import struct

import pytest

from harness.robot import audio
from harness.waiting import PATIENCE, until


@pytest.fixture
def collector():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(15 * PATIENCE)
        yield made


def chunks_of(datagram):
    assert datagram[:4] == b"HEP3" and struct.unpack(">H", datagram[4:6])[0] == len(datagram)
    chunks, at = {}, 6
    while at < len(datagram):
        vendor, kind, size = struct.unpack(">HHH", datagram[at:at + 6])
        assert vendor == 0
        chunks[kind] = datagram[at + 6:at + size]
        at += size
    return chunks


def next_of(collector, kind, wanted=lambda chunks: True):
    """The chunks of the next packet of that protocol type that is wanted."""
    while True:
        chunks = chunks_of(collector.recv(65536))
        if chunks[11][0] == kind and wanted(chunks):
            return chunks


def address(chunks, side):
    host, port = {"from": (3, 7), "to": (4, 8)}[side]
    return f"{socket.inet_ntoa(chunks[host])}:{struct.unpack('>H', chunks[port])[0]}"


def test_reports_and_quality_are_copied(own_server, phones_at, collector):
    hep = {"address": "127.0.0.1:%d" % collector.getsockname()[1], "capture_id": 4711, "password": "word"}
    server = own_server(hep=hep)
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    report = next_of(collector, 5, lambda chunks: json.loads(chunks[15])["type"] == 200)
    assert struct.unpack(">I", report[12])[0] == 4711 and report[14] == b"word"
    said = json.loads(report[15])
    assert said["sender_information"]["packets"] > 0
    assert said["report_blocks"][0]["packets_lost"] == 0
    assert address(report, "from").startswith("127.0.0.1:") and report[2] == b"\x11"
    a.do("hangup")
    a.wait("ended")
    ends = {chunks[17]: json.loads(chunks[15]) for chunks in (next_of(collector, 34), next_of(collector, 34))}
    assert len(ends) == 2 and report[17] in ends, "both legs, by the same names as their reports"
    for end in ends.values():
        assert end["CODEC_NAME"] == "PCMA" and end["MOS"] > 4 and end["TOTAL_PK"] > 0
    until(lambda: server.metric("patchbay_observe_hep_sent_total") >= 3, what="packets to be counted")


def test_what_a_network_loses_is_in_the_record_the_copy_and_the_metrics(own_server, phones_at, collector):
    server = own_server(hep={"address": "127.0.0.1:%d" % collector.getsockname()[1]})
    phones = phones_at(server)
    a, b = phones("201", loss=10, jitter=30, seed=3), phones("101", answer_after=0)
    phones.talking(a, b)
    until(lambda: a.hear()["sent"] > 300, 20, "six seconds of a bad network")
    a.do("hangup")
    b.wait("ended")
    ends = [json.loads(next_of(collector, 34)[15]) for _ in range(2)]
    bad, good = sorted(ends, key=lambda end: end["MOS"])
    assert 0.03 < bad["PACKET_LOSS"] / (bad["PACKET_LOSS"] + bad["TOTAL_PK"]) < 0.25 and bad["JITTER"] >= 3
    assert good["PACKET_LOSS"] == 0 and bad["MOS"] < 4 < good["MOS"]
    with contextlib.closing(sqlite3.connect(f"file:{server.folder}/patchbay.db?mode=ro", uri=True)) as database:
        ask = lambda: database.execute(
            "SELECT codec, packets_in, packets_out, lost_in, jitter, mos FROM cdr ORDER BY mos").fetchall()
        rows = until(lambda: len(ask()) == 2 and ask(), 10, "the records of both legs")
    for row, end in zip(rows, (bad, good)):
        assert row[:5] == (end["CODEC_NAME"], end["TOTAL_PK"], end["PACKET_SENT"], end["PACKET_LOSS"], end["JITTER"])
        assert row[5] == round(end["MOS"] * 100)
    below = lambda name, bound: server.metric(f"patchbay_leg_{name}_bucket", le=bound)
    for name in ("loss_ratio", "mos", "jitter_seconds"):
        assert server.metric(f"patchbay_leg_{name}_count") == 2
    assert below("loss_ratio", "0.02") == 1 and below("mos", "4") == 1 and below("jitter_seconds", "0.3") == 2


def test_a_collector_that_is_away_harms_no_call(own_server, phones_at):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    server = own_server(hep={"address": f"127.0.0.1:{port}"})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("hangup")
    a.wait("ended")
