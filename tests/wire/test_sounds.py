"""What the server plays by itself: music, announcements, ringing tones, the notice of a recording; and loudness."""
import subprocess

import pytest

from harness.centre import queue
from harness.config import DOMAIN, OUTSIDE_NUMBER, TRUNK_ADDRESS
from harness.ecss import Ecss
from harness.robot import TONES, Playing, audio
from harness.server import BINARY
from harness.waiting import PATIENCE, until

OWN, FIRST, SECOND, THIRD, FOURTH = TONES


@pytest.fixture
def playing(tmp_path):
    return lambda tone, **options: Playing(tmp_path, tone, **options)


def hold(server, ending, number):
    client = Ecss(server, number)
    ending.append(client)
    assert client.command("call_hold", conversation_id=client.conversation(state="working")["id"]).ok


def test_music_on_hold_is_the_file_of_the_settings(own_server, phones_at, ending, playing):
    music = playing(FIRST)
    server = own_server(media={"music": music.file})
    phones = phones_at(server)
    a, b = phones("201", tone=OWN), phones("101", tone=SECOND, answer_after=0)
    phones.talking(a, b)
    audio({a: [b], b: [a]})
    hold(server, ending, "101")
    audio({a: [music], b: []}, stable=1000)


def test_the_narrowest_setting_says_which_music_plays(centre, ending, playing):
    everybodys, domains, queues = playing(FIRST), playing(SECOND), playing(THIRD)
    desk = centre(queue(music="waltz"), queue(id="plain", number="601"), music="jazz",
                  media={"music": everybodys.file, "sounds": {"jazz": domains.file, "waltz": queues.file}})
    a, b = desk.phones("201", tone=OWN), desk.phones("102", tone=FOURTH, answer_after=0)
    plain = a.call("601")
    a.wait("answered")
    audio({a: [domains]})
    a.do("hangup", call=plain)
    a.wait("ended", call=plain)
    direct = desk.phones.talking(a, b)
    hold(desk.server, ending, "102")
    audio({a: [domains], b: []})
    a.do("hangup", call=direct)
    b.wait("ended")
    a.forget(), b.forget()
    a.call("600")
    a.wait("answered")
    audio({a: [queues]})
    c = desk.operator("101", tone=FOURTH, answer_after=0)
    c.wait("connected")
    audio({a: [c], c: [a]})
    hold(desk.server, ending, "101")
    audio({a: [queues], c: []})


def test_who_waits_hears_welcome_and_place_over_the_music_and_then_music_again(centre, playing):
    music, hello = playing(FIRST), playing(SECOND, seconds=3)
    place, one = playing(THIRD, seconds=3), playing(FOURTH, seconds=3)
    desk = centre(queue(welcome=["hello"], announce="position", announce_every=3600),
                  media={"music": music.file, "sounds": {"hello": hello.file, "queue.position": place.file,
                                                         "number.1": one.file}})
    a = desk.phones("201", tone=OWN)
    a.call("600")
    a.wait("answered")
    heard = [a.hears(spoken, music, timeout=20000) for spoken in (hello, place, one)]
    for ident in heard:
        fact = a.heard(ident, 40)
        assert fact["ok"], fact
    audio({a: [music]}, stable=1000)
    b = desk.operator("101", tone=SECOND, answer_after=0)
    b.wait("connected")
    audio({a: [b], b: [a]})


def test_what_cannot_be_announced_is_a_warning(own_server, playing):
    server = own_server(media={"sounds": {"number.1": playing(FIRST).file}},
                        domains={DOMAIN: {"queues": [queue(announce="wait")]}})
    expected = "media.sounds has no queue.wait, queue.minutes, number.2, number.3"
    assert expected in server.log()
    checked = subprocess.run([BINARY, "check", "--config", str(server.config_file)], capture_output=True, text=True,
                             check=False, timeout=20 * PATIENCE)
    assert checked.returncode == 0
    assert "warning: " in checked.stderr and expected in checked.stderr


@pytest.mark.parametrize("settings, tones", [
    ({"domains": {DOMAIN: {"ringback": "us"}}}, [440, 480]),
    ({"media": {"ringback": "gb"}, "domains": {DOMAIN: {"ringback": "fr"}}}, [440]),
    ({"media": {"ringback": "gb"}}, [400, 450]),
])
def test_who_waits_for_an_answer_hears_the_countrys_ringing_tone(own_server, phones_at, ending, settings, tones):
    server = own_server(**settings)
    phones = phones_at(server)
    known = [400, 440, 480] if 450 not in tones else [400, 450]
    b = phones("101", tone=OWN, answer_after=0, listen=",".join(map(str, known)))
    a = phones("201", ring_only=True)
    desk = Ecss(server, "101")
    ending.append(desk)
    assert desk.command("make_call", to_number="201").status == 200
    b.wait("connected")
    a.wait("incoming")
    others = [tone for tone in known if tone not in tones]
    ident = b.tell("wait_tones", want=tones, timeout=int(15000 * PATIENCE), stable=120, call=0,
                   **{"not": others}, other=False)
    fact = b.heard(ident, 30)
    assert fact["ok"], fact


def loudness(ear, speaker):
    return ear.hear()["tones"][str(speaker.tone)]


def sounds_at(ear, speaker, level):
    until(lambda: abs(loudness(ear, speaker) - level) < 1.5, 8, f"{speaker} at {level} dB to {ear}")


def test_an_extensions_gain_is_heard_by_others(own_server, phones_at):
    server = own_server(domains={DOMAIN: {"extensions": [
        {"id": 101, "number": "101", "password": "demo101", "gain": -10},
        {"id": 201, "number": "201", "password": "demo201"}], "operators": []}})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    sounds_at(a, b, -22)
    sounds_at(b, a, -12)


def test_a_trunks_gain_is_heard_inside(own_server, phones_at):
    server = own_server()
    text = server.config_file.read_text()
    server.stop()
    server.config_file.write_text(text.replace('"name": "provider",', '"name": "provider", "gain": 6,'))
    server.start()
    phones = phones_at(server)
    outside = phones("provider", registered=False, address=TRUNK_ADDRESS, port=server.trunk_port,
                     domain=TRUNK_ADDRESS, user="+49301234567")
    b = phones("101", answer_after=0)
    outside.call(f"sip:{OUTSIDE_NUMBER}@127.0.0.1")
    outside.wait("answered")
    sounds_at(b, outside, -6)
    sounds_at(outside, b, -12)


def test_those_who_are_recorded_hear_it_where_the_domain_wants_that(own_server, phones_at, ending):
    server = own_server(domains={DOMAIN: {"recording_notice": True}})
    phones = phones_at(server)
    a = phones("201", tone=OWN, listen=f"{OWN},{FIRST},1400")
    b = phones("101", tone=FIRST, listen=f"{OWN},{FIRST},1400", answer_after=0)
    phones.talking(a, b)
    client = Ecss(server, "101")
    ending.append(client)
    leg = client.conversation(state="working")["id"]
    audio({a: [b], b: [a]})
    heard = [(robot, robot.tell("wait_tones", want=[1400, other.tone], timeout=int(40000 * PATIENCE), stable=80,
                                call=0, **{"not": []})) for robot, other in ((a, b), (b, a))]
    assert client.command("call_record", conversation_id=leg, action="start").ok
    for robot, ident in heard:
        fact = robot.heard(ident, 60)
        assert fact["ok"], (robot, fact)
