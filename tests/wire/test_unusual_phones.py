"""Phones that do what is unusual and legal, or nearly: every message is written by the test."""
import pytest

from harness.bare_phone import BarePhone, tag_of, uri_of
from harness.config import DOMAIN, OUTSIDE_NUMBER
from harness.robot import MUSIC, audio


@pytest.fixture
def bare(server, ending):
    def make(number, registered=True, address="127.0.0.1", port=None):
        phone = BarePhone(number, server, address, port)
        ending.append(phone)
        return phone.register() if registered else phone
    return make


@pytest.fixture
def rung(phones, bare):
    """Robot 201 calls the bare phone 101: (robot, phone, the phone's dialog)."""
    a, b = phones("201"), bare("101")
    a.call("101")
    return a, b, b.invited()


@pytest.fixture
def talk(phones, bare):
    """The bare phone 101 has called robot 201, who answered: (robot, phone, the phone's dialog)."""
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201")
    call.established()
    a.wait("connected")
    return a, b, call


def hang_up(a, call):
    """The robot hangs up; the bare phone is told."""
    a.wait("answered")
    a.do("hangup")
    return call.ended()


# A call to the phone: what may come before and with its answer.

@pytest.mark.parametrize("status", [180, 183])
def test_of_two_phones_behind_one_contact_the_second_answers(rung, status):
    """A proxy there forks: two tags are two early dialogs, each perhaps with audio of its own."""
    a, b, call = rung
    for tag in ("one", "two"):
        call.reply(status, "Ringing", tag=tag, body=b.sdp() if status == 183 else "")
    a.wait("ringing", status=status)
    call.become("two")
    assert tag_of(call.accept()["to"]) == "two"
    assert tag_of(hang_up(a, call)["to"]) == "two"


def test_of_two_answers_the_second_is_acknowledged_and_hung_up(rung):
    """RFC 3261, section 13.2.2.4."""
    a, b, call = rung
    for tag in ("one", "two"):
        call.reply(200, tag=tag, body=b.sdp())
    assert {tag_of(call.wait(method="ACK")["to"]) for _ in range(2)} == {"one", "two"}
    assert tag_of(call.ended()["to"]) == "two"
    assert tag_of(hang_up(a, call)["to"]) == "one"


def test_an_answer_without_sdp_after_a_183_with_it(rung):
    """What gateways do: the unreliable 183 was meant as the answer."""
    a, b, call = rung
    call.reply(183, "Progress", body=b.sdp())
    a.wait("ringing", status=183)
    call.reply(180, "Ringing")
    call.accept(body="")
    hang_up(a, call)


def test_an_answer_without_any_sdp_ends_the_call(rung):
    a, _, call = rung
    call.accept(body="")
    call.ended()
    a.wait("ended", by="remote")


def test_provisional_answers_of_all_kinds(rung):
    a, b, call = rung
    b.answer(call.invite, 180, "Ringing without a tag")
    for status in (181, 182, 199, 155):
        call.reply(status, "Whatever")
    a.wait("ringing")
    call.accept()
    hang_up(a, call)


def test_an_answer_that_is_repeated_gets_its_ack_again(rung):
    a, _, call = rung
    for _ in range(3):
        call.accept()
    hang_up(a, call)


def test_update_by_the_called_phone_before_it_answers(rung):
    a, b, call = rung
    call.reply(183, "Progress", "Require: 100rel", "RSeq: 7", body=b.sdp())
    prack = call.wait(method="PRACK")
    assert prack["rack"].split()[0] == "7"
    b.answer(prack, 200)
    call.send("UPDATE", body=b.sdp(version=2, port=b.audio + 2))
    assert "m=audio" in call.wait(status=200, method="UPDATE").body
    call.accept(body="")
    hang_up(a, call)


def test_the_route_an_answer_recorded_is_followed(rung, bare):
    a, b, call = rung
    proxy = bare("102", registered=False)
    call.reply(200, "OK", f"Record-Route: <sip:127.0.0.1:{proxy.port};lr>", body=b.sdp())
    ack = proxy.wait(method="ACK")
    assert f"127.0.0.1:{proxy.port}" in ack["route"] and ack.start.split()[1] == uri_of(b.contact)
    a.wait("answered")
    a.do("hangup")
    proxy.answer(proxy.wait(method="BYE"), 200)


def test_a_redirection_to_several_takes_the_preferred_one(rung, phones):
    a, b, call = rung
    c = phones("102", answer_after=0)
    b.answer(call.invite, 302, "Moved", f"Contact: <sip:555@{DOMAIN}>;q=0.1, <sip:102@{DOMAIN}>;q=0.9", tag="r")
    call.wait(method="ACK")
    a.wait("answered")
    c.wait("connected")


def test_a_redirection_to_itself_comes_to_an_end(rung):
    a, b, call = rung
    for _ in range(10):
        b.answer(call.invite, 302, "Moved", f"Contact: <sip:101@{DOMAIN}>", tag=b.token())
        call.wait(method="ACK")
        if a.facts("ended"):
            break
        try:
            call = b.invited(timeout=0.5)
        except AssertionError:
            break
    a.wait("ended", by="remote")


def test_a_phone_that_wants_a_password_of_us_is_a_refusal(rung):
    a, b, call = rung
    b.answer(call.invite, 407, "Proxy Authentication Required",
             'Proxy-Authenticate: Digest realm="x", nonce="1", algorithm=MD5, qop="auth"', tag="r")
    call.wait(method="ACK")
    assert a.wait("ended")["status"] >= 400


# A call by the phone.

def test_our_answer_is_repeated_until_its_ack_comes(phones, bare):
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201")
    for acknowledge in (False, False, True):
        call.established(acknowledge)
    a.wait("connected")
    call.hang_up()


def test_bye_before_the_ack(phones, bare):
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201")
    call.established(acknowledge=False)
    call.hang_up()
    a.wait("ended", by="remote")


def test_bye_instead_of_cancel(phones, bare):
    a, b = phones("201"), bare("101")
    call = b.invite("201")
    call.early(call.wait(status=180, method="INVITE"))
    call.hang_up()
    call.wait(status=487, method="INVITE")
    a.wait("ended", by="remote")


def test_cancel_at_once_and_cancel_too_late(phones, bare):
    a, b = phones("201"), bare("101")
    call = b.invite("201")
    call.cancel()
    call.wait(status=200, method="CANCEL")
    call.wait(status=487, method="INVITE")
    a.wait("ended", by="remote")
    a.forget()
    call = b.invite("201")
    a.wait("incoming")
    a.do("answer")
    call.established(acknowledge=False)
    call.cancel()
    assert b.final("CANCEL").status in (200, 481)
    call.ack()
    a.wait("connected")
    call.hang_up()


def test_a_late_offer_whose_ack_brings_no_answer(phones, bare):
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201", late_offer=True)
    assert "m=audio" in call.established().body
    call.ended()
    a.wait("ended", by="remote")


def test_an_invite_with_replaces_takes_the_old_phones_place(rung, bare):
    a, _, call = rung
    call.accept()
    a.wait("answered")
    new = bare("102")
    replaces = f"Replaces: {call.call_id};to-tag={tag_of(call.remote)};from-tag={call.tag}"
    new.invite("101", replaces + ";early-only").wait(status=486, method="INVITE")
    new.invite("101", replaces.replace(call.tag, "nobody")).wait(status=481, method="INVITE")
    taken = new.invite("101", replaces, "Require: replaces")
    taken.established()
    call.ended()
    taken.hang_up()
    a.wait("ended", by="remote")


@pytest.mark.parametrize("header,status,told", [
    ("Require: teleportation", 420, "unsupported"), ("Content-Encoding: gzip", 415, "accept-encoding"),
    ("Content-Type: text/plain", 415, "accept"), ("Supported: timer\r\nSession-Expires: 5", 422, "min-se"), ("Contact: *", 400, None)])
def test_what_cannot_be_done_is_refused_with_what_could(bare, header, status, told):
    refusal = bare("101").invite("201", header).wait(status=status, method="INVITE")
    assert told is None or refusal[told]


def test_a_request_that_came_through_us_already_is_a_loop(bare, server):
    b = bare("101", registered=False)
    b.request("INVITE", f"sip:201@{DOMAIN}", f"Via: SIP/2.0/UDP 127.0.0.1:{server.sip_port};branch=z9hG4bKold",
              f"From: {b.contact};tag=1", f"To: <sip:201@{DOMAIN}>", "Call-ID: loop", "CSeq: 1 INVITE",
              f"Contact: {b.contact}")
    assert b.final("INVITE").status == 482


def test_the_same_request_by_another_way_is_a_merged_one(phones, bare):
    """RFC 3261, section 8.2.2.2."""
    a, b = phones("201"), bare("101")
    call = b.invite("201")
    a.wait("incoming")
    b.request("INVITE", call.target, f"From: {call.local}", f"To: {call.remote}", f"Call-ID: {call.call_id}",
              f"CSeq: {call.cseq} INVITE", f"Contact: {b.contact}", body=b.sdp())
    call.wait(status=482, method="INVITE")
    a.do("reject")
    call.wait(status=486, method="INVITE")
    assert len(a.facts("incoming")) == 1


def test_a_multipart_body(phones, bare):
    a, b = phones("201", answer_after=0), bare("101")
    body = (f"--frontier\r\nContent-Type: application/sdp\r\n\r\n{b.sdp()}\r\n--frontier\r\nContent-Type: application/isup\r\n"
            "Content-Disposition: signal;handling=optional\r\n\r\nxyz\r\n--frontier--\r\n")
    call = b.invite("201", "Content-Type: multipart/mixed;boundary=frontier", body=body)
    assert "m=audio" in call.established().body
    a.wait("connected")
    call.hang_up()


def test_folded_compact_long_and_unknown_headers(phones, bare):
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201", f"f: \"A \\\"strange\\\", <sip:x@y>\"\r\n <sip:101@{DOMAIN}>;tag=odd",
                    f"t:\r\n\t<sip:201@{DOMAIN}>", f"m: {b.contact};+sip.instance=\"<urn:uuid:0>\";q=0.5",
                    "SUBJECT : " + "long " * 2000, "X-Unknown:  a\r\n\tb;c=\"d,e\"", "c : application/sdp",
                    "k: timer , 100rel,replaces", "Allow:INVITE,ACK,CANCEL,BYE,UPDATE", "Accept:",
                    "Date: Sat, 13 Nov 2010 23:29:00 GMT", "Timestamp: 54.2")
    call.local = f"<sip:101@{DOMAIN}>;tag=odd"
    call.established()
    a.wait("connected")
    call.hang_up()


@pytest.mark.parametrize("uri", ["tel:201", "tel:201;phone-context=demo.local", f"sip:201@{DOMAIN};user=phone",
                                 f"sip:201@{DOMAIN}:5060;transport=udp;x=y", f"SIP:201@{DOMAIN.upper()}",
                                 f"sip:%32%30%31@{DOMAIN}", f"sip:201;isub=5@{DOMAIN}", f"sips:201@{DOMAIN}"])
def test_a_number_may_be_written_in_many_ways(phones, bare, uri):
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201", uri=uri)
    call.established()
    a.wait("connected")
    call.hang_up()


SESSION = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
AUDIO = "m=audio 4000 RTP/AVP 8\r\n"
VIDEO = "m=video 4002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"


@pytest.mark.parametrize("body,status", [
    (SESSION.replace("IP4 127.0.0.1", "IP6 ::1") + AUDIO, 200), (SESSION + AUDIO.replace("4000", "0"), 488),
    (SESSION + AUDIO + "a=inactive\r\n", 200), (SESSION + AUDIO + VIDEO, 200), (SESSION + VIDEO + AUDIO, 200),
    (SESSION + AUDIO + AUDIO.replace("4000", "4010"), 200), ((SESSION + AUDIO).replace("\r", ""), 200),
    (SESSION.replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0") + AUDIO, 200),
    (SESSION.replace("c=IN IP4 127.0.0.1", "c=IN IP4 phone.invalid") + AUDIO, 488),
    (SESSION.replace("c=IN IP4 127.0.0.1\r\n", "") + AUDIO + "c=IN IP4 127.0.0.1\r\n", 200),
    (SESSION + "m=audio 4000 RTP/AVP 18 3 97 8 101\r\na=rtpmap:97 iLBC/8000\r\na=rtpmap:101 telephone-event/8000\r\n", 200),
    (SESSION + "m=audio 4000 RTP/AVP 100\r\na=rtpmap:100 pcma/8000/1\r\n", 200),
    (SESSION + "m=image 4000 udptl t38\r\n", 488),
    (SESSION.replace("- 1 1", f"- {2**64 - 1} {2**64 - 1}") + AUDIO, 200),
], ids=["IPv6", "port 0", "inactive", "video too", "video first", "two audio lines", "LF alone", "held by address", "host name",
        "address of the line", "codecs we do not know", "dynamic number", "fax alone", "great versions"])
def test_offers(phones, bare, body, status):
    a, b = phones("201", answer_after=0), bare("101")
    call = b.invite("201", body=body)
    answer = b.final("INVITE")
    assert answer.status == status
    if status == 200:
        call.established(response=answer)
        # As many lines as were offered, and only one of them with a port (RFC 3264, section 6).
        ports = [line.split()[1] for line in answer.body.split("\r\n") if line.startswith("m=")]
        assert len(ports) == body.count("m=") and len([port for port in ports if port != "0"]) == 1
        a.wait("connected")
        call.hang_up()


# During a talk.

@pytest.mark.parametrize("attribute,changes", [("", {"address": "0.0.0.0"}), ("a=inactive", {}), ("a=sendonly", {}),
                                               ("", {"port": 0})],
                         ids=["by the address", "inactive", "sendonly", "by the port"])
def test_forms_of_hold(talk, desk, attribute, changes):
    a, b, call = talk
    crm = desk("xml", "101").client
    call.renegotiate(b.sdp(*filter(None, [attribute]), version=2, **changes))
    audio({a: [MUSIC]})
    assert crm.conversation(state="hold")
    call.renegotiate(b.sdp(version=3))
    assert crm.conversation(state="working")
    call.hang_up()


def test_an_offer_repeated_gets_the_same_answer(talk):
    """A refresh of the session: the same origin and version, and nothing for the other phone to do."""
    a, b, call = talk
    first = call.renegotiate(b.sdp()).body
    assert call.renegotiate(b.sdp()).body == first
    call.send("UPDATE")
    assert call.wait(status=200, method="UPDATE").body == ""
    call.send("UPDATE", body=b.sdp())
    assert call.wait(status=200, method="UPDATE").body == first
    assert len(a.facts("request", method="INVITE")) <= 1
    call.hang_up()


def test_a_re_invite_before_the_ack_of_the_last(talk):
    _, b, call = talk
    first = call.send("INVITE", body=b.sdp(version=2))
    call.wait(status=200, cseq=f"{first} INVITE")
    second = call.send("INVITE", body=b.sdp(version=3))
    assert call.wait(status=500, cseq=f"{second} INVITE")["retry-after"]
    call.ack(cseq=first)
    call.hang_up()


def test_a_re_invite_without_sdp_whose_ack_has_none_changes_nothing(talk):
    _, b, call = talk
    assert "m=audio" in call.renegotiate("").body
    call.renegotiate(b.sdp(version=2))
    call.hang_up()


def test_a_contact_that_moves_is_followed(talk, bare):
    a, b, call = talk
    other = bare("102", registered=False)
    call.phone = other
    call.renegotiate(b.sdp(version=2))
    a.do("hangup")
    call.ended()


def test_keep_alives_are_no_messages(talk, server):
    _, b, call = talk
    for data in ("\r\n\r\n", "\r\n", "\0", "\0\0\0\0"):
        b.send(data)
    call.send("OPTIONS")
    assert "INVITE" in call.wait(status=200, method="OPTIONS")["allow"]
    call.hang_up()


@pytest.mark.parametrize("method,status,headers", [
    ("NOTIFY", 481, ["Event: presence", "Subscription-State: active"]), ("SUBSCRIBE", 489, ["Event: presence"]),
    ("MESSAGE", 405, []), ("PUBLISH", 405, []), ("BREW", 405, []), ("INFO", 200, []), ("PRACK", 481, ["RAck: 1 1 INVITE"])])
def test_requests_that_no_talk_needs(talk, method, status, headers):
    _, b, call = talk
    call.send(method, *headers)
    assert b.final(method).status == status
    call.hang_up()


def test_requests_out_of_order_and_of_nobody(talk):
    _, _, call = talk
    call.send("OPTIONS", cseq=50)
    call.wait(status=200, method="OPTIONS")
    call.send("OPTIONS", cseq=40)
    call.wait(status=500, method="OPTIONS")
    remote, call.remote, call.cseq = call.remote, call.remote.replace(tag_of(call.remote), "wrong"), 60
    call.send("BYE")
    call.wait(status=481, method="BYE")
    call.remote = remote
    call.hang_up()


# Outside of any dialog.

@pytest.mark.parametrize("method,tag,status,headers", [
    ("NOTIFY", ";tag=gone", 481, ["Event: message-summary", "Subscription-State: active"]),
    ("SUBSCRIBE", "", 405, ["Event: presence"]), ("MESSAGE", "", 405, []), ("PUBLISH", "", 405, ["Event: presence"]),
    ("BREW", "", 405, []), ("INFO", ";tag=gone", 481, []), ("PRACK", ";tag=gone", 481, ["RAck: 1 1 INVITE"]),
    ("UPDATE", ";tag=gone", 481, []), ("BYE", ";tag=gone", 481, []), ("CANCEL", "", 481, []), ("OPTIONS", "", 200, [])])
def test_requests_of_no_dialog(bare, method, tag, status, headers):
    b = bare("101", registered=False)
    b.request(method, f"sip:201@{DOMAIN}", f"From: {b.contact};tag=1", f"To: <sip:201@{DOMAIN}>{tag}",
              "Call-ID: out" + b.token(), f"CSeq: 1 {method}", f"Contact: {b.contact}", *headers)
    answer = b.final(method)
    assert answer.status == status
    if status in (200, 405):
        assert {"INVITE", "ACK", "BYE", "REGISTER"} <= set(answer["allow"].split(", "))


@pytest.mark.parametrize("line,status", [("INVITE http://x/ SIP/2.0", 416), ("INVITE mailto:a@b SIP/2.0", 416),
                                         ("OPTIONS sip:demo.local SIP/3.0", 505)])
def test_start_lines(bare, line, status):
    b = bare("101", registered=False)
    b.send(f"{line}\r\nVia: SIP/2.0/UDP 127.0.0.1:{b.port};branch=z9hG4bK{b.token()}\r\nFrom: <sip:x@y>;tag=1\r\n"
           f"To: <sip:{DOMAIN}>\r\nCall-ID: {b.token()}\r\nCSeq: 1 {line.split()[0]}\r\nContent-Length: 0\r\n\r\n")
    assert b.final(line.split()[0]).status == status


def test_an_identity_is_taken_from_a_trunk_and_from_nobody_else(phones, bare, server):
    """P-Asserted-Identity (RFC 3325)."""
    asserted = 'P-Asserted-Identity: "Ms Smith" <sip:+49301112233@provider.example>'
    a = phones("101")
    trunk = bare("provider", registered=False, address="127.0.0.3", port=server.trunk_port)
    call = trunk.invite(OUTSIDE_NUMBER, asserted, uri=f"sip:{OUTSIDE_NUMBER}@127.0.0.1:{server.sip_port}")
    incoming = a.wait("incoming")
    assert "+49301112233" in incoming["from"] and incoming["from_name"] == "Ms Smith"
    a.do("reject")
    call.wait(status=486, method="INVITE")
    call = bare("201").invite("101", asserted)
    assert a.wait("incoming")["from_name"] == "Customer One"
    a.do("reject")
    call.wait(status=486, method="INVITE")
