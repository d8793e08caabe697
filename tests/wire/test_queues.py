"""Queues of waiting callers, and the phones of the operators who serve them."""
from harness.centre import queue
from harness.robot import MUSIC, audio
from harness.waiting import until


def test_a_caller_waits_with_music_until_an_operator_answers(centre):
    desk = centre()
    a = desk.phones("201")
    a.call("600")
    a.wait("answered")
    audio({a: [MUSIC]})
    assert desk.waiting() == 1
    b = desk.operator("101")
    b.wait("incoming", **{"from": "201"})
    b.do("answer")
    b.wait("connected")
    audio({a: [b], b: [a]})
    until(lambda: desk.waiting() == 0, what="the queue to be empty")
    a.do("hangup")
    b.wait("ended", by="remote")


def test_who_does_not_answer_is_followed_by_the_next(centre):
    desk = centre(queue(ring_time=2))
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    first.wait("incoming")
    second.wait("incoming")
    first.wait("ended")
    second.do("answer")
    second.wait("connected")
    audio({a: [second], second: [a]})


def test_ring_all_ends_the_others_when_one_answers(centre):
    desk = centre(queue(strategy="ring_all", ring_time=20))
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    first.wait("incoming")
    second.wait("incoming")
    second.do("answer")
    second.wait("connected")
    first.wait("ended", by="remote")
    audio({a: [second], second: [a]})


def test_a_refusal_rings_the_next(centre):
    desk = centre()
    first, second = desk.operator("101", reject=486), desk.operator("102", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    second.wait("connected")
    audio({a: [second], second: [a]})
    assert not first.facts("connected")


def test_a_break_while_rung_passes_the_caller_on(centre):
    desk = centre(queue())
    first, second = desk.operator("101"), desk.operator("102")
    a = desk.phones("201")
    a.call("600")
    call = first.wait("incoming")["call"]
    code = first.call("*162")
    first.wait("ended", call=call)
    first.wait("ended", call=code)
    second.wait("incoming")
    second.do("answer")
    second.wait("connected")
    audio({a: [second], second: [a]})


def test_a_caller_who_hangs_up_rings_no_phone_on(centre):
    desk = centre(queue())
    b = desk.operator("101")
    a = desk.phones("201")
    a.call("600")
    b.wait("incoming")
    a.do("hangup")
    b.wait("ended")
    until(lambda: desk.waiting() == 0, what="the queue to be empty")
    desk.server.wait_idle()


def test_a_hang_up_that_crosses_the_answer_leaves_nothing(centre):
    desk = centre(queue())
    b = desk.operator("101")
    a = desk.phones("201")
    a.call("600")
    a.wait("answered")
    b.wait("incoming")
    b.tell("answer")
    a.tell("hangup")
    a.wait("ended")
    b.wait("ended")
    desk.server.wait_idle()
    # Whoever was reserved or talked for an instant takes the next caller.
    a.forget(), b.forget()
    a.call("600")
    b.wait("incoming")


def test_a_caller_who_waits_too_long_goes_to_the_overflow(centre):
    desk = centre(queue(max_wait=1, overflow="106"))
    other = desk.phones("106", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    other.wait("connected")
    audio({a: [other], other: [a]})


def test_a_blind_transfer_into_a_queue(centre):
    desk = centre()
    a, c = desk.phones("201"), desk.phones("106", answer_after=0)
    desk.phones.talking(a, c)
    c.do("refer", to="600")
    c.wait("ended")
    audio({a: [MUSIC]})
    b = desk.operator("101", answer_after=0)
    b.wait("connected")
    audio({a: [b], b: [a]})


# called back

def asks_for_a_callback(desk, phone, place=1):
    """The phone calls the queue, waits as the place-th, presses the digit and is hung up."""
    call = phone.call("600")
    phone.wait("answered", call=call)
    until(lambda: desk.waiting() == place, what="the caller in the line")
    phone.do("dtmf", digits="1", by="info")
    phone.wait("ended", call=call, by="remote")
    desk.server.wait_idle()
    assert desk.waiting() == place, "the place is kept"
    phone.forget()


def test_who_asks_for_a_callback_keeps_the_place_and_is_rung_back(centre):
    desk = centre(queue(callback_digit="1"))
    first, second = desk.phones("201", answer_after=0), desk.phones("202")
    asks_for_a_callback(desk, first)
    second.call("600")
    until(lambda: desk.waiting() == 2, what="the second caller in the line")
    b = desk.operator("101")
    ringing = b.wait("incoming", **{"from": "201"})["call"]
    assert not first.facts("incoming", **{"from": "101"}), "the operator comes first"
    b.do("answer", call=ringing)
    first.wait("incoming", **{"from": "101"})
    first.wait("connected")
    audio({first: [b], b: [first]})
    assert desk.waiting() == 1
    first.do("hangup")
    b.wait("ended", call=ringing)
    b.wait("incoming", **{"from": "202"})
    second.do("hangup")
    b.wait("ended")
    last = desk.totals()
    assert (last["entered"], last["callbacks"], last["answered"]) == ("3", "1", "1")
    assert int(last["abandoned"]) + int(last["abandoned_short"]) == 1  # short only where the machine is quick


def test_a_place_for_a_callback_expires(centre):
    desk = centre(queue(callback_digit="1", max_wait=3))
    a = desk.phones("201")
    asks_for_a_callback(desk, a)
    until(lambda: desk.waiting() == 0, 10, "the place to expire")
    desk.operator("101")
    desk.server.wait_idle()
    assert not a.facts("incoming")


def test_a_callback_that_fails_frees_the_operator(centre):
    desk = centre(queue(callback_digit="1", wrap_up=0))
    a = desk.phones("201", reject=486)
    asks_for_a_callback(desk, a)
    b = desk.operator("101", answer_after=0)
    b.wait("ended", by="remote")
    until(lambda: desk.waiting() == 0, what="the place to be gone: it is rung once")
    desk.server.wait_idle()
    b.forget()
    c = desk.phones("202")
    c.call("600")
    b.wait("connected")
    audio({c: [b], b: [c]})


def test_a_callback_nobody_answers_goes_to_the_next_operator(centre):
    desk = centre(queue(callback_digit="1", ring_time=2))
    a = desk.phones("201", answer_after=0)
    asks_for_a_callback(desk, a)
    first = desk.operator("101", reject=486)
    second = desk.operator("102")
    second.wait("incoming", **{"from": "201"})
    second.do("answer")
    a.wait("connected")
    audio({a: [second], second: [a]})
    assert first.facts("incoming") and not first.facts("connected")


def test_who_cannot_be_called_back_keeps_nobody_else_waiting(centre):
    desk = centre(queue(callback_digit="1"))
    gone, a = desk.phones("201"), desk.phones("202")
    asks_for_a_callback(desk, gone)
    gone.do("unregister")
    until(lambda: not desk.server.metric("patchbay_sip_registered_numbers") > 1, what="the phone to be gone")
    a.call("600")
    b = desk.operator("101", answer_after=0)
    b.wait("connected", **{})
    audio({a: [b], b: [a]})
    assert desk.waiting() == 1


def test_feature_codes_that_are_refused(centre):
    desk = centre()
    phone = desk.phones("101")
    for code in ("*160*101*wrong", "*160*nobody*demo101", "*162", "*169", "*160*"):
        call = phone.call(code)
        assert phone.wait("ended", call=call, by="remote")["status"] in (403, 404), code


def test_supervisors_read_the_figures(centre):
    desk = centre()
    b = desk.operator("101", answer_after=0)
    a = desk.phones("201")
    a.call("600")
    b.wait("connected")
    a.do("hangup")
    b.wait("ended")
    desk.server.wait_idle()
    assert desk.figures()[0] == 200
    last = desk.totals()
    assert (last["queue"], last["entered"], last["answered"], last["abandoned"]) == ("sales", "1", "1", "0")
    assert desk.figures(what="operators")[0] == 200
    assert desk.figures(operator="101")[0] == 403
    assert desk.figures(operator="nobody")[0] == 401
