"""Phones come and go."""
from harness.robot import Robot, audio
from harness.waiting import until


def test_a_phone_registers_and_leaves(phones, server):
    a, b = phones("201"), phones("101", answer_after=0)
    phones.talking(a, b)
    a.do("hangup")
    b.wait("ended")
    b.do("unregister")
    b.wait("unregistered")
    a.call("101")
    a.wait("ended", call=2, status=480)


def test_a_wrong_password_is_refused(phones):
    phone = phones("101", registered=False, password="wrong")
    phone.do("register")
    assert phone.wait("register_failed")["status"] in (401, 403)


def test_an_unknown_number_is_refused(phones):
    phone = phones("999", registered=False)
    phone.do("register")
    assert phone.wait("register_failed")["status"] in (401, 403, 404)


def test_nobody_calls_without_a_password(phones):
    phones("101", answer_after=0)
    stranger = phones("201", registered=False, password="wrong")
    stranger.call("101")
    assert stranger.wait("ended")["status"] in (401, 403, 407)


def test_a_stranger_cannot_call_out_through_the_trunk(phones):
    stranger = phones("mallory", registered=False, password="x", address="127.0.0.5", domain="elsewhere.example")
    stranger.call("sip:9123456@127.0.0.1")
    assert stranger.wait("ended")["status"] in (401, 403, 404, 407)


def test_nobody_calls_in_the_name_of_another(phones):
    """201 proves itself, but its From says 105."""
    a, b = phones("201"), phones("101", reject=486)
    a.call("101", headers={"From": "\"Boss\" <sip:105@demo.local>;tag=xyz"})
    assert a.wait("ended")["status"] in (403, 407, 486)
    assert all(shown["from"] == "201" for shown in b.facts("incoming"))


def test_a_short_registration_is_refused_with_the_least(phones):
    phone = phones("101", registered=False)
    phone.do("register", expires=5)
    assert phone.wait("register_failed")["status"] == 423


def test_a_registration_runs_out(own_server, phones_at):
    server = own_server(sip={"min_expires": 1})
    phones = phones_at(server)
    a, b = phones("201"), phones("101", registered=False)
    b.do("register", expires=1)
    assert b.wait("registered")["expires"] == 1
    b.process.kill()

    def gone():
        a.call("101")
        return a.wait("ended", timeout=20)["status"] == 480
    until(gone, 8, "the binding to run out")


def test_registrations_survive_a_restart(own_server, phones_at):
    server = own_server()
    phones = phones_at(server)
    a, b = phones("201"), phones("101", answer_after=0)
    server.stop()
    server.start()
    phones.talking(a, b)
    audio({a: [b], b: [a]})


def test_a_phone_that_moves_is_found_at_its_new_place(own_server, phones_at):
    phones = phones_at(own_server())
    old = phones("101")
    old.process.kill()
    new = phones("101", answer_after=0)
    a = phones("201")
    a.call("101")
    a.wait("answered", timeout=10)
    audio({a: [new], new: [a]})


def test_ten_phones_register_at_once(server, ending):
    many = [Robot(number, server.sip, register=True) for number in ("101", "102", "103", "104", "105") * 2]
    ending.extend(many)
    for phone in many:
        phone.wait("registered")
