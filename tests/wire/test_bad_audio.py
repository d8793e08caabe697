"""RTP that lies, RTCP of noise, networks that lose, sound files and disks that fail: a clear cause, and nobody else is
harmed."""
import subprocess

import pytest

from harness.kinds import KINDS
from harness.robot import MUSIC, audio
from harness.waiting import until

REFUSED = "patchbay_rtp_refused_packets_total"
LIES = {
    "of another version": ({"version": 1, "packets": 10}, "malformed"),
    "of a payload type not agreed": ({"payload_type": 77, "packets": 10}, "payload_type"),
    "of 1,500 bytes of noise": ({"payload_type": 77, "size": 1488, "packets": 10}, "payload_type"),
    "larger than any packet of audio": ({"size": 4000, "packets": 10}, "size"),
    "without audio in it": ({"size": 0, "packets": 10}, "size"),
    "of a flood of reports": ({"report": True, "packets": 1000}, "rate"),
    "of noise that says it is RTCP": ({"rtcp": True, "size": 1200, "packets": 1000}, "malformed"),
}
# These may be a phone that has begun anew: they are taken or left, counted, and do no lasting harm.
ODD = "patchbay_rtp_odd_packets_total"
TAKEN = {
    "with another SSRC": ({"ssrc_by": 99, "packets": 2, "size": 160}, "jump"),
    "far ahead": ({"sequence_by": 20000, "timestamp_by": 8000 * 600, "packets": 2}, "jump"),
    "a minute old": ({"sequence_by": 62536, "timestamp_by": 2 ** 32 - 8000 * 60, "packets": 2}, "jump"),
    "with the number of the next": ({"packets": 1}, "duplicate"),
    "overtaken by others": ({"sequence_by": 65536 - 5, "timestamp_by": 2 ** 32 - 800, "packets": 1}, "reordered"),
}


@pytest.fixture(params=["PCMA", "G722"], ids=["relayed", "mixed"])
def talk(request, phones):
    a, b = phones("201"), phones("101", answer_after=0, codecs=request.param)
    c, d = phones("202"), phones("102", answer_after=0)
    phones.talking(a, b)
    phones.talking(c, d)
    audio({a: [b], b: [a], c: [d], d: [c]})
    return a, b, c, d


def test_packets_that_lie_are_counted_and_heard_by_nobody(talk, server):
    a, b, c, d = talk
    b.measure()
    d.measure()
    for name, (lie, reason) in LIES.items():
        before = server.metric(REFUSED, reason=reason)
        a.do("lie", **lie)
        # A burst may be more than a socket holds.
        until(lambda: server.metric(REFUSED, reason=reason) >= before + 5, 5, f"packets {name} to be refused")
    audio({a: [b], b: [a], c: [d], d: [c]})
    assert b.hear()["steady"] > 0.9 and d.hear()["steady"] > 0.9
    assert b.hear()["ssrcs"] == 1


def test_packets_that_jump_are_counted_and_do_no_lasting_harm(talk, server):
    a, b, c, d = talk
    d.measure()
    for name, (lie, kind) in TAKEN.items():
        before = server.metric(ODD, kind=kind)
        a.do("lie", **lie)
        until(lambda: server.metric(ODD, kind=kind) > before, 5, f"packets {name} to be counted")
        audio({a: [b], b: [a]}, stable=500)
    heard = b.hear()
    assert heard["ssrcs"] == 1
    assert d.hear()["steady"] > 0.9


def test_an_offer_of_100_codecs_from_a_port_that_refuses(talk, phones):
    a, b, c, d = talk
    d.measure()
    types = list(range(19, 34)) + list(range(35, 72)) + list(range(78, 125)) + [8]
    strange = "".join(f"a=rtpmap:{t} strange{t}/8000\r\n" for t in types[:-1])
    e, f = phones("103"), phones("104", answer_after=0)
    e.do("on", fact={"event": "answered"}, do={"cmd": "silent"})  # or it would be found where it sends from
    call = e.call("104", sdp="v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                             f"m=audio 9 RTP/AVP {' '.join(map(str, types))}\r\n{strange}")
    e.wait("answered", call=call)
    f.wait("connected")
    audio({a: [b], b: [a], c: [d], d: [c], f: []})
    assert d.hear()["steady"] > 0.9


@pytest.mark.parametrize("kind", ["PCMA", "opus"])
def test_ten_per_cent_loss_and_60_ms_of_jitter_leave_speech_intelligible(own_server, phones_at, kind):
    """The figure: of all 20 ms windows, how many carry the tone within 6 dB of its level."""
    server = own_server()
    phones = phones_at(server)
    a = phones("201", **KINDS[kind], loss=10, jitter=60, seed=7, skew=100)
    b = phones("101", answer_after=0, codecs="G722")
    phones.talking(a, b)
    audio({a: [b]})
    until(lambda: b.hear()["packets"] > 150, 10, "the buffer to have learnt the network")
    b.measure()
    begun = b.hear()["packets"]
    until(lambda: b.hear()["packets"] > begun + 400, 20, "eight seconds of it")
    assert b.hear()["steady"] > 0.75
    assert a.hear()["lost"] == 0


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own, of 36 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=36m", "none", folder], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("no disk of one's own can be mounted here: " + mounted.stderr.decode())
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def ended(server, result):
    return server.metric("patchbay_recordings_total", result=result)


def test_a_disk_that_fills_up_ends_recordings_and_nothing_else(small_disk, own_server, phones_at, desk):
    server = own_server(media={"recordings": str(small_disk)})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    crm = desk("xml", "101", server)
    leg = crm.leg("101")
    record = lambda: crm.client.command("call_record", conversation_id=leg, action="start")
    assert record().ok
    until(lambda: server.metric("patchbay_recordings_open") == 1, 5, "the recording to be written")
    with open(small_disk / "filler", "wb") as filler:
        try:
            while True:
                filler.write(bytes(65536))
                filler.flush()
        except OSError:
            pass
    until(lambda: ended(server, "disk_full") == 1, 10, "the recording to end for want of room")
    audio({a: [b], b: [a]})
    record()
    until(lambda: ended(server, "disk_full") == 2, 10, "the next one to be refused before it is begun")
    audio({a: [b], b: [a]})


def test_a_sound_file_that_is_missing_or_broken_is_named_and_music_takes_its_place(own_server, phones_at, desk, tmp_path):
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF\0\0\0\0no sound at all")
    server = own_server(media={"sounds": {"jazz": str(broken), "gone": str(tmp_path / "gone.wav")}},
                        domains={"demo.local": {"music": "jazz"}})
    assert server.metric("patchbay_media_sounds_unreadable_total") == 2
    assert "broken.wav" in server.log(1000) and "gone.wav" in server.log(1000)
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    crm = desk("ringme", "101", server)
    assert crm.hold(crm.leg("101"))
    audio({a: [MUSIC], b: []})
