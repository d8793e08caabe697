"""What refuses each command, over both transports: who may not, what is nobody's, what does not fit the state or the
schema. Every reply is valid against its schema and says why."""
import pytest

from harness.config import DOMAIN, PEOPLE, password
from harness.ecss import Ecss, EcssSocket, Node
from harness.robot import MUSIC, audio
from harness.schema import checked_desks, valid
from harness.server import ROOT, Server

UNKNOWN = "00000000000000ff"
OTHER_DOMAIN = "one.local"  # where an operator works at one number at a time

# Each command with attributes that fit its schema. ID is a conversation's.
ID = "conversation_id"
COMMANDS = {
    "login": {"login": "101", "password": "demo101"},
    "logout": {},
    "conversations": {},
    "operator_call_history": {"limit": "1"},
    "call_history": {"limit": "1"},
    "make_call": {"to_number": "201"},
    "make_agent_call": {"agent_id": "102"},
    "call_accept": {ID: UNKNOWN},
    "call_reject": {ID: UNKNOWN},
    "call_release": {ID: UNKNOWN},
    "call_complete": {ID: UNKNOWN},
    "call_hold": {ID: UNKNOWN},
    "call_unhold": {ID: UNKNOWN},
    "call_record": {ID: UNKNOWN, "action": "start"},
    "call_unattended_transfer": {ID: UNKNOWN, "to_number": "102"},
    "call_attended_transfer": {ID: UNKNOWN, "to_number": "102"},
    "call_consult": {ID: UNKNOWN, "to_number": "102"},
    "call_supervise": {ID: UNKNOWN, "mode": "observing"},
    "add_participant": {"conference_id": UNKNOWN},
    "remove_participant": {"conference_id": UNKNOWN, "participant_id": UNKNOWN},
    "participants": {"conference_id": UNKNOWN},
    "move_conversation_to_queue": {ID: UNKNOWN, "queue_id": "sales"},
    "remove_conversation_from_queue": {ID: UNKNOWN},
    "login_agent": {},
    "logout_agent": {},
    "make_available": {},
    "auxwork": {"reason": "tea"},
    "force_logout": {"agent_id": "102"},
    "block_operator": {"agent_id": "102"},
    "unblock_operator": {"agent_id": "102"},
    "add_to_queue": {"agent_id": "103", "queue_id": "sales"},
    "remove_from_queue": {"agent_id": "103", "queue_id": "sales"},
    "agent_list": {},
    "agents_list": {},
    "group_list": {},
    "all_queues": {},
    "queue_statistics": {},
    "agent_statistics": {},
}
ON_REQUEST = {"logout", "conversations", "block_operator", "unblock_operator", "agent_list", "agents_list", "group_list",
              "all_queues", "queue_statistics", "agent_statistics"}
REFUSED_IN_200 = {"block_operator", "unblock_operator", "add_participant"}  # [D]
ABOUT_A_CONVERSATION = [name for name, fields in COMMANDS.items() if ID in fields or "conference_id" in fields]
ONLY_SUPERVISORS = ["call_history", "call_supervise", "remove_conversation_from_queue", "force_logout", "block_operator",
                    "unblock_operator", "add_to_queue", "remove_from_queue", "queue_statistics", "agent_statistics"]

QUEUES = [
    {"id": "sales", "number": "600", "operators": ["101", "102"], "ring_time": 30, "wrap_up": 60, "length": 1},
    {"id": "help", "number": "601", "operators": ["106"], "ring_time": 30},
]


@pytest.fixture(scope="module")
def call_centre(tmp_path_factory):
    people = [{"id": number, "name": PEOPLE[number][0], "password": password(number), "number": number}
              for number in ("101", "102")]
    other = {"prefix": "2000", "only_one_session": True, "operators": people,
             "extensions": [person | {"id": int(person["id"])} for person in people]}
    server = Server(tmp_path_factory.mktemp("refusals"),
                    {"domains": {DOMAIN: {"queues": QUEUES}, OTHER_DOMAIN: other}}).start()
    yield server
    if server.alive():
        assert server.stop() == 0, server.log()


@pytest.fixture(params=["xml", "frames"])
def transport(request):
    return Ecss if request.param == "xml" else EcssSocket


@pytest.fixture
def desk_of(transport, call_centre, ending):
    """desk_of(operator): that operator's client, over one transport in turn; every answer is checked."""
    yield checked_desks("xml" if transport is Ecss else "frames", call_centre, ending)
    boss = Ecss(call_centre, "105")
    for who in ("101", "102", "103"):
        boss.ask("unblock_operator", agent_id=who)
        boss.command("force_logout", agent_id=who)
    boss.close()


@pytest.fixture
def office(call_centre, phones_at):
    call_centre.wait_idle(10)
    return phones_at(call_centre)


def ask(desk, command, **fields):
    """Sends the command in its form: with the fields on the request or on its child."""
    if command in ON_REQUEST:
        return desk.ask(command, **fields)
    if command == "add_participant":
        conference = {"conference_id": fields.pop("conference_id")} if "conference_id" in fields else {}
        participant = {key: fields.pop(key) for key in ("number", ID) if key in fields} or {"number": "102"}
        return desk.nodes(command, ("add_to_conference", fields, [
            ("participants", conference, [("participant", participant, [])])]))
    return desk.command(command, child="filters" if command.endswith("call_history") else None, **fields)


def refused(desk, command, because="", /, **fields):
    """The command, with these fields beside those of the table, is answered as the manual says of refusals."""
    answer = ask(desk, command, **COMMANDS[command] | fields)
    assert answer.reason == "cannot_perform_cmd", (command, fields, answer.raw)
    assert answer.status == (200 if command in REFUSED_IN_200 else 403), (command, fields, answer.raw)
    assert answer.error["cmd"] == command and because in answer.error["body"] and answer.error["body"], answer.raw


def invalid(desk, command, **fields):
    answer = ask(desk, command, **fields)
    assert (answer.status, answer.reason) == (400, "invalid_request"), (command, fields, answer.raw)
    assert answer.error["body"]


def test_the_table_has_every_command():
    served = {file.stem for file in (ROOT / "spec/ecss").glob("*.xsd")
              if '<xs:element name="in">' in file.read_text() and '<xs:element name="out">' in file.read_text()}
    assert served == set(COMMANDS)


# who asks

def test_without_a_session(transport, call_centre, ending):
    client = transport(call_centre, "101", **({"basic": False} if transport is Ecss else {"login": False}))
    ending.append(client)
    for command in COMMANDS.keys() - {"login", "logout"}:
        answer = valid(ask(client, command, **COMMANDS[command]))
        assert (answer.status, answer.reason) == (401, "not_authorized"), (command, answer.raw)
        assert answer.error["cmd"] == command


@pytest.mark.parametrize("fields", [
    {"password": "wrong"}, {"login": "nobody"}, {"login": ""}, {"number": "102"}, {"number": "999"}])
def test_logins_that_are_refused(transport, call_centre, desk_of, ending, fields):
    assert desk_of("102").command("login_agent").ok  # works at 102
    client = transport(call_centre, "101", **({"basic": False} if transport is Ecss else {"login": False}))
    ending.append(client)
    answer = valid(ask(client, "login", **COMMANDS["login"] | fields))
    wanted = (403, "cannot_perform_cmd") if fields == {"number": "999"} else (401, "not_authorized")
    assert (answer.status, answer.reason) == wanted and answer.error["body"], answer.raw


def test_what_only_supervisors_may(desk_of):
    for command in ONLY_SUPERVISORS:
        refused(desk_of("101"), command, "upervisor")


def test_nobody_acts_for_who_is_not_in_the_group(desk_of):
    """Not a colleague, not another group's operator, not a supervisor for another group or for who is not there."""
    for who, for_whom in (("101", "102"), ("106", "101"), ("105", "106"), ("105", "nobody")):
        desk = desk_of(who)
        for command in ["conversations", "make_call", *ABOUT_A_CONVERSATION]:
            if command == "remove_conversation_from_queue": continue  # concerns no operator
            refused(desk, command, operator_id=for_whom)
        for command in ("login_agent", "logout_agent", "make_available", "auxwork", "force_logout", "block_operator",
                        "unblock_operator"):
            refused(desk, command, agent_id=for_whom)
        for command in ("add_to_queue", "remove_from_queue"):
            refused(desk, command, agent_id=for_whom, queue_id="sales")
    refused(desk_of("105"), "call_history", "group", cc_agent_group="support")


# what is asked about

@pytest.mark.parametrize("ident", [UNKNOWN, "0" * 16, "ffffffffffffffff", "nonsense", "Анна"])
def test_conversations_that_are_nobodys(desk_of, ident):
    for who in ("101", "105"):
        for command in ABOUT_A_CONVERSATION:
            if who == "101" and command in ONLY_SUPERVISORS: continue
            field = ID if ID in COMMANDS[command] else "conference_id"
            refused(desk_of(who), command, **{field: ident})


def test_operators_and_queues_that_are_not_there(desk_of):
    desk, boss = desk_of("101"), desk_of("105")
    refused(desk, "agent_list", "nobody", agent_id="nobody")
    refused(desk, "agents_list", "nobody", agent_id="nobody")
    refused(desk, "all_queues", "nowhere", queue_id="nowhere")
    refused(boss, "queue_statistics", "nowhere", queue_id="nowhere")
    refused(boss, "agent_statistics", "nobody", agent_id="nobody")
    refused(boss, "add_to_queue", "nowhere", agent_id="101", queue_id="nowhere")
    refused(boss, "remove_from_queue", "nowhere", agent_id="101", queue_id="nowhere")
    refused(desk, "login_agent", "999", number="999")
    refused(desk, "make_agent_call", agent_id="nobody")


def test_what_does_not_fit_the_schema(desk_of):
    for command, fields in COMMANDS.items():
        desk = desk_of("105")
        invalid(desk, command, **fields, colour="red")
        for name in fields:
            optional = {("call_complete", ID), ("add_to_queue", "agent_id"), ("remove_from_queue", "agent_id"),
                        ("auxwork", "reason"), ("call_attended_transfer", "to_number")}
            if (command, name) in optional: continue
            invalid(desk, command, **{key: value for key, value in fields.items() if key != name})
        answer = desk.send_node(command, Node("in", {}, [Node("request", {}, [Node("dance")])]))
        assert (answer.status, answer.reason) == (400, "invalid_request"), (command, answer.raw)
    both = {"to_number": "102", "destination_conversation_id": UNKNOWN}
    for command in ("call_unattended_transfer", "call_attended_transfer"):
        invalid(desk_of("101"), command, **{ID: UNKNOWN}, **both)
        invalid(desk_of("101"), command, **{ID: UNKNOWN}, original_conversation_id="1" * 16, to_number="102")
    invalid(desk_of("101"), "make_call", to_number="")
    invalid(desk_of("101"), "make_agent_call", agent_id="")
    invalid(desk_of("101"), "call_consult", **{ID: UNKNOWN}, to_number="")


@pytest.mark.parametrize("filters", [
    {"limit": "0"}, {"limit": "many"}, {"limit": "-1"}, {"offset": "-1"}, {"offset": "100001"},
    {"from_date": "yesterday"}, {"to_date": "2026/13/40 00:00:00"}, {"direction": "up"}, {"skip_incomplete": "perhaps"},
    {"tag": "forged"}, {"tag": ""}])
def test_filters_that_make_no_sense(desk_of, filters):
    for command in ("operator_call_history", "call_history"):
        if filters == {"tag": ""}:
            assert ask(desk_of("105"), command, **{"limit": "1"} | filters).status == 200, "an empty one is none"
            continue
        invalid(desk_of("105"), command, **{"limit": "1"} | filters)


# states of operators

def test_who_is_logged_out(desk_of):
    desk = desk_of("101")
    for command in ("logout_agent", "make_available", "auxwork"):
        refused(desk, command, "not logged in")
    refused(desk, "call_complete", "no after-call work", conversation_id="")
    refused(desk_of("105"), "unblock_operator", "not blocked")


def test_who_is_blocked(desk_of):
    desk, boss = desk_of("101"), desk_of("105")
    assert desk.command("login_agent").ok and boss.ask("block_operator", agent_id="101").ok
    for command in ("make_available", "auxwork"):
        refused(desk, command, "blocked")


def test_who_serves_already_or_not_at_all(desk_of):
    boss = desk_of("105")
    refused(boss, "add_to_queue", "serves", agent_id="101", queue_id="sales")
    refused(boss, "remove_from_queue", "does not serve", agent_id="101", queue_id="help")


def test_a_number_where_another_works(desk_of):
    assert desk_of("101").command("login_agent").ok
    refused(desk_of("102"), "login_agent", "101", number="101")
    refused(desk_of("105"), "login_agent", "101", agent_id="102", number="101")


def test_a_second_login_where_one_is_allowed(transport, call_centre, ending):
    client = transport(call_centre, "101", domain=OTHER_DOMAIN)
    ending.append(client)
    assert client.command("login_agent").ok
    assert client.command("login_agent").ok, "the same again changes nothing"
    valid(client.command("login_agent", number="102"))
    refused(client, "login_agent", "101", number="102")
    assert client.command("logout_agent").ok


# states of calls

def test_what_rings_cannot_be_held_or_transferred(desk_of, office):
    a, b = office("201"), office("101")
    a.call("101")
    b.wait("incoming")
    desk = desk_of("101")
    ident = desk.conversation(state="alerting")["id"]
    for command in ("call_hold", "call_unhold", "call_record", "call_unattended_transfer", "call_attended_transfer",
                    "call_accept", "move_conversation_to_queue"):
        refused(desk, command, **{ID: ident})
    refused(desk_of("105"), "remove_conversation_from_queue", **{ID: ident})
    refused(desk_of("102"), "call_reject", **{ID: ident})
    b.do("answer")
    audio({a: [b], b: [a]})
    a.do("hangup")
    b.wait("ended")


def test_what_talks_holds_and_has_ended(desk_of, office):
    a, b = office("201"), office("101", answer_after=0)
    office("104", ring_only=True)
    office.talking(a, b)
    desk = desk_of("101")
    ident = desk.conversation(state="working")["id"]
    for command in ("call_accept", "call_reject", "call_unhold"):
        refused(desk, command, **{ID: ident})
    for action in ("stop", "pause", "mask", "resume"):
        refused(desk, "call_record", **{ID: ident}, action=action)
    for command in ("call_unattended_transfer", "call_attended_transfer", "call_consult"):
        for number in ("777", "102", "101", "201"):  # none such, not registered, oneself, in the call already
            refused(desk, command, number, **{ID: ident}, to_number=number)
    for destination in (UNKNOWN, ident, "nonsense"):
        for command in ("call_unattended_transfer", "call_attended_transfer"):
            answer = desk.command(command, **{ID: ident}, destination_conversation_id=destination)
            assert (answer.status, answer.reason) == (403, "cannot_perform_cmd"), answer.raw
    refused(desk, "remove_participant", conference_id=ident)
    refused(desk, "move_conversation_to_queue", "nowhere", **{ID: ident}, queue_id="nowhere")
    refused(desk_of("105"), "remove_conversation_from_queue", **{ID: ident})
    refused(desk_of("105"), "call_supervise", **{ID: ident})  # has no phone
    assert desk.command("login_agent").ok
    refused(desk, "logout_agent", "has a call")
    assert desk.command("call_hold", conversation_id=ident).ok
    refused(desk, "call_hold", "hold", **{ID: ident})
    assert desk.command("call_unhold", conversation_id=ident).ok
    assert desk.command("call_attended_transfer", conversation_id=ident, to_number="104").ok
    for command in ("call_unattended_transfer", "call_attended_transfer"):
        refused(desk, command, "transfer", **{ID: ident}, to_number="106")
    assert desk.command("call_unhold", conversation_id=ident).ok
    audio({a: [b], b: [a]})
    assert desk.command("call_release", conversation_id=ident).ok
    a.wait("ended")
    for command in ABOUT_A_CONVERSATION:
        if command in ONLY_SUPERVISORS: continue
        refused(desk, command, **{ID if ID in COMMANDS[command] else "conference_id": ident})


def test_a_full_queue_takes_nobody_more(desk_of, office):
    waiting, a, b = office("202"), office("201"), office("101", answer_after=0)
    waiting.call("600")
    waiting.wait("answered")
    office.talking(a, b)
    desk = desk_of("101")
    ident = desk.conversation(state="working")["id"]
    refused(desk, "move_conversation_to_queue", "full", **{ID: ident}, queue_id="600")
    audio({a: [b], b: [a]})
    boss = desk_of("105")
    queue = boss.ask("all_queues", queue_id="sales").node.find("response", "all_queues")
    caller = next(node.attributes[ID] for node in queue.children if node.name == "caller")
    refused(desk, "call_release", **{ID: caller})  # a waiting caller is nobody's
    refused(boss, "move_conversation_to_queue", "nowhere", **{ID: caller}, queue_id="nowhere")
    refused(boss, "remove_conversation_from_queue", "777", **{ID: caller}, to_number="777")
    audio({waiting: [MUSIC]})  # keeps the place
