"""Recordings: who is in which channel, who may hear them, and what a crash leaves."""
import base64
import http.client
import io
import json
import math
import struct
import wave
from pathlib import Path

import pytest

from harness.centre import queue
from harness.config import DOMAIN, password
from harness.ecss import Ecss
from harness.ringme import Ringme
from harness.robot import MUSIC, TONES, audio
from harness.waiting import PATIENCE, until


def levels(samples, rate=8000):
    """How loud each robot's tone is, in dB of full scale."""
    found = {}
    for tone in TONES:
        step = 2 * math.pi * tone / rate
        real = sum(s * math.cos(step * i) for i, s in enumerate(samples))
        imaginary = sum(s * math.sin(step * i) for i, s in enumerate(samples))
        amplitude = 2 * math.hypot(real, imaginary) / max(len(samples), 1) / 32768
        found[tone] = 20 * math.log10(max(amplitude, 1e-6))
    return found


def channels(wav):
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        data = file.readframes(file.getnframes())
    samples = struct.unpack(f"<{len(data) // 2}h", data)
    return samples[0::2], samples[1::2]


def tones_in(samples, least=-40):
    """The tones that are there for at least 200 ms."""
    heard = set()
    for begin in range(0, len(samples) - 1600, 1600):
        heard |= {tone for tone, level in levels(samples[begin:begin + 1600]).items() if level > least}
    return heard


def fetch(server, number, path, method="GET", secret=None, **headers):
    """(status, headers, body) as that operator."""
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10 * PATIENCE)
    word = base64.b64encode(f"{number}:{secret or password(number)}".encode()).decode()
    connection.request(method, path, headers={"Authorization": "Basic " + word, **headers})
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, dict(reply.getheaders()), body


def recordings(server):
    return Path(json.loads(server.config_file.read_text())["media"]["recordings"])


def record(client, leg, action):
    return client.command("call_record", conversation_id=leg, action=action)


def url_of(client, ref, command="operator_call_history"):
    """The recording of the operator's, or group's, call of that reference, once it is in history."""
    def find():
        answer = client.command(command, child="filters", limit=5)
        for found in answer.node.find("response", "history").children:
            if found.attributes["call_ref"] == ref:
                urls = [url.attributes["value"] for url in found.find("url_list").children]
                assert found.attributes.get("call_record", urls[0]) == urls[0]  # a group's history has the list alone
                return urls[0]
        return None
    return until(find, what="the recording in history")


def talk(client):
    """The id and the call's reference of the operator's talk."""
    found = client.conversation(state="working")
    return found["id"], found["call_ref"]


def whole(server, number, url):
    """The recording's bytes, once it is whole."""
    return until(lambda: (lambda r: r[2] if r[0] == 200 else None)(fetch(server, number, url)), what="a whole recording")


@pytest.fixture
def recorded(server, phones, ending):
    """An ended call of 201 and 101 that 101's leg recorded for a while: its url and the two phones."""
    a, b = phones("201"), phones("101", answer_after=0)
    call = phones.talking(a, b)
    client = Ecss(server, "101")
    ending.append(client)
    leg, ref = talk(client)
    audio({a: [b], b: [a]})
    assert record(client, leg, "start").ok
    audio({a: [b], b: [a]}, stable=1000)
    a.do("hangup", call=call)
    b.wait("ended")
    url = url_of(client, ref)
    return url, a, b, client


def test_each_side_is_in_its_channel(server, recorded):
    url, a, b, client = recorded
    assert url.startswith(f"/{DOMAIN}/service/cc/arm/recordings/")
    left, right = channels(whole(server, "101", url))
    assert len(left) >= 8000
    assert tones_in(left) == {b.tone}
    assert tones_in(right) == {a.tone}
    assert abs(levels(left[2400:5600])[b.tone] - -12) < 1.5
    assert server.metric("patchbay_recordings_open") == 0


def test_ranges_and_tags(server, recorded):
    url = recorded[0]
    everything = whole(server, "101", url)
    status, headers, body = fetch(server, "101", url, Range="bytes=0-43")
    assert (status, body) == (206, everything[:44])
    assert headers["Content-Range"] == f"bytes 0-43/{len(everything)}"
    status, _, body = fetch(server, "101", url, Range="bytes=-10")
    assert (status, body) == (206, everything[-10:])
    status, headers, _ = fetch(server, "101", url, Range=f"bytes={len(everything)}-")
    assert (status, headers["Content-Range"]) == (416, f"bytes */{len(everything)}")
    status, headers, body = fetch(server, "101", url, method="HEAD")
    assert (status, body, int(headers["Content-Length"])) == (200, b"", len(everything))
    assert headers["Content-Type"] == "audio/wav"
    assert fetch(server, "101", url, **{"If-None-Match": headers["ETag"]})[0] == 304


def test_only_those_who_may_hear_it_and_each_reading_is_noted(server, recorded):
    url = recorded[0]
    uuid = url.rsplit("/", 1)[1]
    whole(server, "101", url)
    assert fetch(server, "105", url)[0] == 200  # the group's supervisor
    assert fetch(server, "102", url)[0] == 403  # a colleague
    assert fetch(server, "106", url)[0] == 403  # another group's
    assert fetch(server, "101", url, secret="wrong")[0] == 401
    assert fetch(server, "101", url[:-1] + ("0" if url[-1] != "0" else "1"))[0] == 404
    crm = Ringme(server)
    assert crm.http and fetch_ringme(server, crm, uuid)[0] == 200
    assert fetch_ringme(server, crm, "../../etc/passwd")[0] == 404
    noted = [json.loads(line) for line in recordings(server).joinpath("reads.log").read_text().splitlines()]
    mine = [(line["dialect"], line["who"], line["status"]) for line in noted if line["recording"] == uuid]
    for expected in (("ecss", "101", 200), ("ecss", "105", 200), ("ecss", "102", 403), ("ecss", "106", 403)):
        assert expected in mine
    assert any(dialect == "ringme" and status == 200 for dialect, _, status in mine)


def fetch_ringme(server, client, uuid):
    connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10 * PATIENCE)
    connection.request("GET", f"/api/ver1.0/record/{uuid}", headers={"Authorization": "Bearer " + client.token})
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, body


def test_hold_is_silence_and_a_mask_too(server, phones, ending):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    client = Ecss(server, "101")
    ending.append(client)
    leg, ref = talk(client)
    audio({a: [b], b: [a]})
    assert record(client, leg, "start").ok
    assert record(client, leg, "start").reason == "cannot_perform_cmd"
    assert record(client, leg, "mask").ok
    audio({a: [b], b: [a]}, stable=600)
    assert client.command("call_hold", conversation_id=leg).ok
    audio({a: [MUSIC], b: []})
    assert record(client, leg, "resume").ok
    audio({a: [MUSIC], b: []}, stable=600)
    assert record(client, leg, "stop").ok
    b.do("hangup")
    a.wait("ended")
    url = url_of(client, ref)
    left, right = channels(whole(server, "101", url))
    # 100 ms at the edges may hold what came while a command was on its way.
    quiet_left, quiet_right = left[4000:-800], right[4000:-800]
    assert max(map(abs, quiet_left), default=0) == 0
    assert tones_in(right[1600:]) <= {a.tone} and max(map(abs, quiet_right[1600:]), default=0) == 0


def test_a_setting_records_and_ringme_shows_it(own_server, phones_at, ending):
    server = own_server()
    text = json.loads(server.config_file.read_text())
    text["domains"][DOMAIN]["operators"][0]["record"] = True
    server.config_file.write_text(json.dumps(text))
    server.reload()
    until(lambda: "reloaded" in server.log(), what="the reload")
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    crm = Ringme(server)
    call = crm.call("101", condition=lambda call: call["record_uuid"] is not None)
    reply = crm.request("PUT", f"/extension/101/current_calls/{call['call_api_id']}", {"action": "record_stop"})
    assert reply.status == 200, reply
    assert crm.list("101")[0]["record_uuid"] is None
    until(lambda: fetch_ringme(server, crm, call["record_uuid"])[0] == 200, what="the recording")


def test_a_queues_caller_is_recorded_at_the_operator_who_takes_it(centre, ending):
    person = lambda number, group, supervisor=False: {
        "id": number, "number": number, "password": password(number), "group": group, "supervisor": supervisor}
    desk = centre(queue(record=True), operators=[
        person("101", "sales"), person("102", "sales"), person("104", "", True), person("105", "sales", True),
        person("106", "support", True)])
    a = desk.phones("201")
    a.call("600")
    a.wait("answered")
    audio({a: [MUSIC]}, stable=2500)
    b = desk.operator("101", answer_after=0)
    b.wait("connected")
    client = Ecss(desk.server, "101")
    ending.append(client)
    ref = talk(client)[1]
    audio({a: [b], b: [a]}, stable=1200)
    a.do("hangup")
    b.wait("ended", by="remote")
    url = url_of(client, ref)
    supervisor = Ecss(desk.server, "105")
    ending.append(supervisor)
    assert url_of(supervisor, ref, "call_history") == url
    left, right = channels(whole(desk.server, "101", url))
    assert tones_in(left) == {b.tone} and tones_in(right) == {a.tone}
    assert tones_in(left[:8000]) == {b.tone}, "it begins with the talk, not with the wait"
    assert [fetch(desk.server, number, url)[0] for number in ("105", "104", "102", "106")] == [200, 200, 403, 403]


def test_kill_9_leaves_all_but_the_last_second(own_server, phones_at, ending):
    server = own_server()
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    client = Ecss(server, "101")
    leg, ref = talk(client)
    assert record(client, leg, "start").ok
    client.close()
    audio({a: [b], b: [a]}, stable=2500)
    server.kill()
    server.start()
    client = Ecss(server, "101")
    ending.append(client)
    url = url_of(client, ref)
    left, right = channels(whole(server, "101", url))
    assert len(left) >= 1.5 * 8000
    assert tones_in(left) == {b.tone} and tones_in(right) == {a.tone}
    assert server.metric("patchbay_recordings_repaired_total") == 1


def test_a_leg_tells_how_its_audio_was(server, phones):
    before = server.metric("patchbay_leg_mos_count")
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended")
    until(lambda: server.metric("patchbay_leg_mos_count") == before + 2, what="the legs' figures")
