"""The commands about calls over both transports, with robots as customers and operators: what is heard, every
refusal, and each reply against its schema."""
import pytest

from harness.robot import MUSIC, audio
from harness.schema import checked_desks
from harness.waiting import until

UNKNOWN = "00000000000000ff"


@pytest.fixture(params=["xml", "frames"])
def desk_of(request, server, ending):
    """desk_of(operator): that operator's client, over one transport in turn; every answer is checked."""
    return checked_desks(request.param, server, ending)


@pytest.fixture
def people(phones):
    """A customer and an operator talk; a colleague is there and answers at once."""
    a, b, s = phones("201"), phones("101", answer_after=0), phones("102", answer_after=0)
    phones.talking(a, b)
    return a, b, s


def refused(answer, status=403):
    assert answer.status == status and answer.reason == "cannot_perform_cmd", answer.raw
    assert answer.error["body"]
    return answer


def ring(phones, **options):
    """201 calls 101, whose phone has these options and rings: (customer, operator's phone)."""
    a, b = phones("201"), phones("101", **options)
    a.call("101")
    b.wait("incoming")
    return a, b


# make_call and make_agent_call

@pytest.mark.parametrize("by_itself", [True, False])
def test_a_call_made_rings_the_own_phone_first(desk_of, phones, by_itself):
    b, a = phones("101", auto_answer=by_itself), phones("201")
    desk = desk_of("101")
    made = desk.command("make_call", to_number="201").node.find("response", "make_call").attributes
    incoming = b.wait("incoming", **{"from": "201"})
    assert incoming["headers"]["Answer-Mode"] == "Auto"
    if not by_itself:
        assert not a.facts("incoming")
        b.do("answer")
    a.wait("incoming", **{"from": "101"})
    assert desk.conversation(id=made["conversation_id"], state="alerting")["direction"] == "out"
    a.do("answer")
    audio({a: [b], b: [a]})
    conversation = desk.conversation(id=made["conversation_id"], state="working")
    assert conversation["call_ref"] == made["call_ref"] and conversation["remote_digits"] == "201"
    assert desk.command("call_release", conversation_id=made["conversation_id"]).ok
    a.wait("ended", by="remote")
    b.wait("ended", by="remote")


def test_a_busy_number_releases_the_own_phone(desk_of, phones):
    b = phones("101", auto_answer=True)
    phones("201", reject=486)
    assert desk_of("101").command("make_call", to_number="201").status == 200
    b.wait("ended", by="remote")


def test_a_call_cannot_be_made(desk_of, phones):
    desk = desk_of("101")
    refused(desk.command("make_call", to_number="201"))  # no phone of one's own
    b = phones("101", ring_only=True)
    refused(desk.command("make_call", to_number="201"))  # nobody there
    refused(desk.command("make_call", to_number="nobody"))
    refused(desk.command("make_call", to_number="101"))  # oneself
    assert desk.command("make_call", to_number="").status == 400
    phones("201")
    assert desk.command("make_call", to_number="201").status == 200
    b.wait("incoming")
    refused(desk.command("make_call", to_number="201"))  # already running
    refused(desk_of("106").command("make_call", operator_id="101", to_number="201"))  # another group's
    b.do("hangup")
    b.wait("ended")


def test_a_call_to_an_operator_goes_where_it_works(desk_of, phones):
    b, s = phones("101", auto_answer=True), phones("102", answer_after=0)
    desk = desk_of("101")
    assert desk.command("make_agent_call", agent_id="102").node.find("response", "make_agent_call")
    b.wait("connected")
    s.wait("connected")
    audio({b: [s], s: [b]})
    refused(desk.command("make_agent_call", agent_id="nobody"))


# accepting, rejecting, releasing

def test_accept_answers_a_phone_that_can(desk_of, phones):
    a, b = ring(phones, talk_event=True)
    desk = desk_of("101")
    ident = desk.conversation(state="alerting")["id"]
    assert desk.command("call_accept", conversation_id=ident).ok
    audio({a: [b], b: [a]})
    refused(desk.command("call_accept", conversation_id=ident))  # it does not ring any more
    refused(desk.command("call_accept", conversation_id=UNKNOWN))


def test_accept_says_when_the_phone_cannot(desk_of, phones):
    a, b = ring(phones)
    desk = desk_of("101")
    answer = refused(desk.command("call_accept", conversation_id=desk.conversation(state="alerting")["id"]))
    assert "101" in answer.error["body"]
    b.do("answer")
    audio({a: [b], b: [a]})


def test_reject_declines_for_the_operator(desk_of, phones):
    a, b = ring(phones)
    desk = desk_of("101")
    ident = desk.conversation(state="alerting")["id"]
    assert desk.command("call_reject", conversation_id=ident).ok
    a.wait("ended", status=603)
    b.wait("ended", by="remote")
    refused(desk.command("call_reject", conversation_id=ident))


def test_release_ends_what_rings_and_what_talks(desk_of, people):
    a, b, _ = people
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    refused(desk.command("call_reject", conversation_id=ident))  # it talks
    refused(desk_of("106").command("call_release", conversation_id=ident))  # not hers
    assert desk.command("call_release", conversation_id=ident).ok
    a.wait("ended", by="remote")
    b.wait("ended", by="remote")
    refused(desk.command("call_release", conversation_id=ident))


# attended transfer

def test_attended_transfer_by_number_and_its_completion(desk_of, people):
    a, b, s = people
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    refused(desk.command("call_attended_transfer", conversation_id=ident))  # nothing to complete
    assert desk.command("call_attended_transfer", original_conversation_id=ident, to_number="102").ok
    s.wait("connected")
    audio({a: [MUSIC], b: [s], s: [b]})
    refused(desk.command("call_attended_transfer", conversation_id=ident, to_number="103"))
    assert desk.command("call_attended_transfer", conversation_id=ident).ok
    audio({a: [s], s: [a]})
    b.wait("ended", by="remote")


def test_attended_transfer_is_called_off_by_unhold(desk_of, people):
    a, b, s = people
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    assert desk.command("call_attended_transfer", conversation_id=ident, to_number="102").ok
    s.wait("connected")
    audio({a: [MUSIC], b: [s], s: [b]})
    assert desk.command("call_unhold", conversation_id=ident).ok
    s.wait("ended", by="remote")
    audio({a: [b], b: [a]})


def test_attended_transfer_joins_two_conversations(desk_of, phones):
    a, b, other = phones("201"), phones("101", answer_after=0), phones("202")
    phones.talking(a, b)
    desk = desk_of("101")
    first = desk.conversation(remote_digits="201")["id"]
    assert desk.command("call_hold", conversation_id=first).ok
    phones.talking(other, b)
    second = desk.conversation(remote_digits="202")["id"]
    both = {"conversation_id": first, "destination_conversation_id": second}
    assert desk.command("call_attended_transfer", **both, to_number="102").status == 400
    assert desk.command("call_attended_transfer", **both).ok
    audio({a: [other], other: [a]})


# supervision

MODES = {
    "observing": lambda a, b, s: {a: [b], b: [a], s: [a, b]},
    "consult": lambda a, b, s: {a: [b], b: [a, s], s: [a, b]},
    "conference": lambda a, b, s: {a: [b, s], b: [a, s], s: [a, b]},
}


def test_a_supervisor_joins_and_changes_the_mode(desk_of, phones):
    a, b, s = phones("201"), phones("101", answer_after=0), phones("105", answer_after=0)
    phones.talking(a, b)
    ident = desk_of("101").conversation()["id"]
    desk = desk_of("105")
    for mode in ("observing", "consult", "conference", "observing"):
        assert desk.command("call_supervise", conversation_id=ident, mode=mode).ok
        if not s.facts("connected"):
            s.wait("connected")
        audio(MODES[mode](a, b, s))
    assert len(s.facts("incoming")) == 1, "the phone is rung once"
    assert desk.command("call_supervise", conversation_id=ident, operator_id="101", mode="consult").ok
    assert desk.command("call_release", conversation_id=desk.conversation()["id"]).ok
    s.wait("ended", by="remote")
    audio({a: [b], b: [a]})


def test_who_may_not_supervise(desk_of, people):
    ident = desk_of("101").conversation()["id"]
    refused(desk_of("102").command("call_supervise", conversation_id=ident, mode="observing"))  # no supervisor
    supervisor = desk_of("105")
    refused(supervisor.command("call_supervise", conversation_id=ident, mode="observing"))  # no phone
    refused(supervisor.command("call_supervise", conversation_id=UNKNOWN, mode="observing"))
    refused(supervisor.command("call_supervise", conversation_id=ident, operator_id="106", mode="observing"))
    assert supervisor.command("call_supervise", conversation_id=ident, mode="barge").status == 400


# conferences

def members(desk, conference):
    listed = desk.command("participants", conference_id=conference).node.find("response", "participants")
    return {node.attributes["number"]: node.attributes for node in listed.children}


def test_a_conference_of_four(desk_of, people, phones):
    a, b, s = people
    t = phones("103", answer_after=0)
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    add(desk, ident, {"number": "102"}, {"number": "103"})
    s.wait("connected")
    t.wait("connected")
    audio({a: [b, s, t], b: [a, s, t], s: [a, b, t], t: [a, b, s]})
    inside = members(desk, ident)
    assert set(inside) == {"201", "101", "102", "103"}
    assert inside["101"]["id"] == ident and inside["101"]["agent_id"] == "101"
    assert desk.command("remove_participant", conference_id=ident, participant_id=inside["102"]["id"]).ok
    s.wait("ended", by="remote")
    audio({a: [b, t], b: [a, t], t: [a, b]})
    b.do("hangup")
    audio({a: [t], t: [a]})


def conference_of_three(desk, people):
    """The customer, the operator and the colleague talk: the id of the operator's conversation."""
    a, b, s = people
    ident = desk.conversation()["id"]
    add(desk, ident, {"number": "102"})
    s.wait("connected")
    audio({a: [b, s], b: [a, s], s: [a, b]})
    return ident


def test_a_blind_transfer_out_of_a_conference(desk_of, people, phones):
    a, b, s = people
    t = phones("103")
    desk = desk_of("101")
    ident = conference_of_three(desk, people)
    assert desk.command("call_unattended_transfer", conversation_id=ident, to_number="103").ok
    t.wait("incoming")
    b.wait("ended", by="remote")
    audio({a: [s], s: [a]})
    t.do("answer")
    audio({a: [s, t], s: [a, t], t: [a, s]})


def test_an_attended_transfer_out_of_a_conference(desk_of, people, phones):
    a, b, s = people
    t = phones("103", answer_after=0)
    desk = desk_of("101")
    ident = conference_of_three(desk, people)
    assert desk.command("call_attended_transfer", conversation_id=ident, to_number="103").ok
    t.wait("connected")
    audio({a: [s], s: [a], b: [t], t: [b]})
    assert desk.command("call_attended_transfer", conversation_id=ident).ok
    b.wait("ended", by="remote")
    audio({a: [s, t], s: [a, t], t: [a, s]})


def test_another_conversations_party_is_given_to_a_conference(desk_of, people, phones):
    a, b, s = people
    other = phones("202")
    desk = desk_of("101")
    ident = conference_of_three(desk, people)
    assert desk.command("call_hold", conversation_id=ident).ok
    phones.talking(other, b)
    second = desk.conversation(remote_digits="202")["id"]
    assert desk.command("call_attended_transfer", conversation_id=ident, destination_conversation_id=second).ok
    b.wait("ended", call=1)
    b.wait("ended", call=2)
    audio({a: [s, other], s: [a, other], other: [a, s]})


def test_what_a_conference_cannot_do(desk_of, people):
    desk = desk_of("101")
    ident = conference_of_three(desk, people)
    for queue in ("600", "nowhere"):
        refused(desk.command("move_conversation_to_queue", conversation_id=ident, queue_id=queue))
    a, b, s = people
    audio({a: [b, s], b: [a, s], s: [a, b]})


def add(desk, conference, *participants, inside="add_to_conference"):
    """add_participant in the form of the schema; answers what a single refusal or success says."""
    answer = add_raw(desk, conference, participants, inside)
    assert answer.ok, answer.raw
    return answer


def add_raw(desk, conference, participants, inside):
    return desk.nodes("add_participant", (inside, {}, [
        ("participants", {"conference_id": conference}, [("participant", p, []) for p in participants])]))


def test_the_examples_form_adds_too(desk_of, people):
    a, b, s = people
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    assert desk.nodes("add_participant", ("add_participant", {"conference_id": ident},
                                          [("participant", {"number": "102"}, [])])).ok
    s.wait("connected")
    audio({a: [b, s], b: [a, s], s: [a, b]})


def test_another_conversation_comes_into_the_conference(desk_of, phones):
    a, b, other = phones("201"), phones("101", answer_after=0), phones("202")
    phones.talking(a, b)
    desk = desk_of("101")
    first = desk.conversation(remote_digits="201")["id"]
    assert desk.command("call_hold", conversation_id=first).ok
    phones.talking(other, b)
    second = desk.conversation(remote_digits="202")["id"]
    add(desk, first, {"conversation_id": second})
    b.wait("ended", call=2)
    audio({a: [b, other], (b, 1): [a, other], other: [a, b]})
    assert [c["id"] for c in desk.conversations()] == [first]


def test_a_consultation_becomes_a_conference(desk_of, people):
    a, b, s = people
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    assert desk.command("call_attended_transfer", conversation_id=ident, to_number="102").ok
    s.wait("connected")
    audio({a: [MUSIC], b: [s], s: [b]})
    add(desk, ident, {"number": "102"})
    audio({a: [b, s], b: [a, s], s: [a, b]})


def test_who_cannot_be_added_or_removed(desk_of, people):
    a, b, _ = people
    desk = desk_of("101")
    ident = desk.conversation()["id"]
    for participant in ({"number": "nobody"}, {"number": "101"}, {"number": "104"}, {"conversation_id": UNKNOWN},
                        {"conversation_id": ident}, {}):
        refused(add_raw(desk, ident, [participant], "add_to_conference"), status=200)  # [D]: 200 with the error
    refused(add_raw(desk, UNKNOWN, [{"number": "102"}], "add_to_conference"), status=200)
    assert add_raw(desk, ident, [], "add_to_conference").status == 400
    refused(desk.command("remove_participant", conference_id=ident, participant_id=UNKNOWN))
    refused(desk.command("remove_participant", conference_id=UNKNOWN, participant_id=ident))
    refused(desk.command("participants", conference_id=UNKNOWN))
    audio({a: [b], b: [a]})


# history

def test_a_supervisor_sees_the_calls_of_the_group(desk_of, people):
    a, b, _ = people
    ref = desk_of("101").conversation()["call_ref"]
    a.do("hangup")
    b.wait("ended")
    desk = desk_of("105")

    def record(**filters):
        answer = desk.command("call_history", child="filters", limit=100, **filters)
        assert answer.status == 200, answer.raw
        return next((node.attributes for node in answer.node.find("response", "history").children
                     if node.attributes["call_ref"] == ref), None)
    found = until(record, what="the record")
    assert found["digits_a"] == "201" and found["digits_b"] == "101" and found["agent_b_id"] == "101"
    assert found["release_reason"] == "released_by_a" and "agent_a_id" not in found
    assert record(direction="in") and not record(direction="out")
    assert record(cc_agent_b_id="101") and not record(cc_agent_a_id="101")
    refused(desk.command("call_history", child="filters", limit=1, cc_agent_group="support"))
    refused(desk_of("101").command("call_history", child="filters", limit=1))  # no supervisor


def test_pages_of_the_groups_calls_follow_their_tag(desk_of, phones):
    a, b = phones("201"), phones("101", answer_after=0)
    refs = []
    for _ in range(3):
        phones.talking(a, b)
        refs.insert(0, desk_of("101").conversation(state="working")["call_ref"])
        a.do("hangup")
        b.wait("ended")
        a.forget()
        b.forget()
    desk = desk_of("105")

    def page(limit, **more):
        answer = desk.command("call_history", child="filters", limit=limit, **more)
        history = answer.node.find("response", "history")
        return [node.attributes["call_ref"] for node in history.children], history.attributes.get("tag")
    until(lambda: page(3)[0] == refs, what="the three records")
    (first, tag) = page(1)
    (second, tag) = page(1, tag=tag)
    (third, tag) = page(1, tag=tag)
    assert first + second + third == refs
    answer = desk.command("operator_call_history", child="filters", limit=1, tag=tag)
    assert answer.status == 400, "a tag is good for the command that made it"
