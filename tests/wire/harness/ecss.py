"""ECSS clients: XML over HTTP, and frames over a WebSocket. Both have the same command()."""
import base64
import http.client
import itertools
import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

from .config import DOMAIN, password
from .waiting import PATIENCE, until
from .websocket import WebSocket


@dataclass
class Node:
    """An XML node, whichever way it came."""
    name: str
    attributes: dict = field(default_factory=dict)
    children: list = field(default_factory=list)

    def find(self, *names):
        node = self
        for name in names:
            node = next((child for child in node.children if child.name == name), None)
            if node is None:
                return None
        return node


@dataclass
class Answer:
    status: int
    node: Node
    raw: str
    headers: dict = field(default_factory=dict)

    @property
    def ok(self):
        return self.status == 200 and self.node.find("response", "ok") is not None

    @property
    def error(self):
        found = self.node.find("error")
        return found.attributes if found else None

    @property
    def reason(self):
        return self.error["reason"] if self.error else None


def from_xml(text):
    def convert(element):
        return Node(element.tag, dict(element.attrib), [convert(child) for child in element])
    return convert(ET.fromstring(text))


def from_json(value):
    return Node(value["_name"], value.get("_attributes", {}),
                [from_json(child) for child in value.get("_content", [])])


def request_node(child, attributes, request_attributes):
    return Node("in", {}, [Node("request", request_attributes, [Node(child, attributes)] if child else [])])


def xml_text(node):
    def convert(parent, child):
        element = ET.Element(child.name, child.attributes)
        if parent is not None:
            parent.append(element)
        for grandchild in child.children:
            convert(element, grandchild)
        return element
    return ET.tostring(convert(None, node), encoding="unicode")


def json_text(node):
    def convert(child):
        value = {"_name": child.name}
        if child.attributes:
            value["_attributes"] = child.attributes
        if child.children:
            value["_content"] = [convert(grandchild) for grandchild in child.children]
        return value
    return json.dumps([convert(node)], separators=(",", ":"), ensure_ascii=False)


class EcssClient:
    """What both transports share."""

    def command(self, command, child=None, **attributes):
        """Sends `command` with one child of that (or the given) name. Returns an Answer."""
        return self.send(command, child or command, {k: str(v) for k, v in attributes.items()}, {})

    def ask(self, command, **attributes):
        """Sends `command` with these attributes on the request itself. Returns an Answer."""
        return self.send(command, None, {}, {k: str(v) for k, v in attributes.items()})

    def send(self, command, child, attributes, request_attributes):
        return self.send_node(command, request_node(child, attributes, request_attributes))

    def nodes(self, command, tree):
        """Sends `command` with that tree in its request: (name, attributes, [trees])."""
        def convert(name, attributes, children):
            return Node(name, attributes, [convert(*child) for child in children])
        return self.send_node(command, Node("in", {}, [Node("request", {}, [convert(*tree)])]))

    def send_node(self, command, node):
        raise NotImplementedError

    def conversations(self, operator_id=None):
        attributes = {"operator_id": operator_id} if operator_id else {}
        answer = self.send("conversations", None, {}, attributes)
        assert answer.status == 200, answer.raw
        return [node.attributes for node in answer.node.find("response", "conversations").children]

    def conversation(self, timeout=5, operator_id=None, **wanted):
        """The operator's conversation with these attributes, waiting for it."""
        def find():
            for found in self.conversations(operator_id):
                if all(found.get(key) == value for key, value in wanted.items()):
                    return found
            return None
        return until(find, timeout, f"a conversation {wanted}")


class Ecss(EcssClient):
    """XML over HTTP, by HTTP Basic, or by the session cookie after login()."""

    def __init__(self, server, operator, basic=True, secret=None, domain=DOMAIN):
        self.operator, self.domain, self.secret = operator, domain, secret or password(operator)
        self.http = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10 * PATIENCE)
        self.headers = {"Content-Type": "text/xml; charset=utf-8"}
        if basic:
            token = base64.b64encode(f"{operator}:{self.secret}".encode()).decode()
            self.headers["Authorization"] = "Basic " + token

    def post(self, command, body, method="POST", **headers):
        """A raw request: (status, headers, text)."""
        self.http.request(method, f"/{self.domain}/service/cc/arm/{command}",
                          body.encode() if isinstance(body, str) else body, {**self.headers, **headers})
        response = self.http.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()

    def send_node(self, command, node):
        status, headers, text = self.post(command, xml_text(node))
        return Answer(status, from_xml(text), text, headers)

    def login(self, **more):
        answer = self.command("login", login=self.operator, password=self.secret, **more)
        cookie = next((v for k, v in answer.headers.items() if k.lower() == "set-cookie"), None)
        if cookie:
            self.headers["Cookie"] = cookie.split(";")[0]
        return answer

    def close(self):
        self.http.close()


class EcssSocket(EcssClient):
    """Frames over a WebSocket; events are kept until they are waited for."""

    def __init__(self, server, operator, login=True, secret=None, domain=DOMAIN, narrow=False):
        self.operator, self.secret = operator, secret or password(operator)
        self.socket = WebSocket("127.0.0.1", server.http_port, f"/{domain}/service/cc/arm", narrow=narrow)
        self.ids = itertools.count(1)
        self.events, self.desk_events, self.last_event = [], [], None
        if login:
            answer = self.login()
            assert answer.status == 200, answer.raw

    def login(self, **more):
        return self.command("login", login=self.operator, password=self.secret, **more)

    @staticmethod
    def frame(command, request_id, body):
        length = 48 + len(body.encode())
        return f"01{length:010d}{request_id:04d}{command:<32}{body}"

    def send_node(self, command, node):
        request_id = next(self.ids)
        return self.exchange(self.frame(command, request_id, json_text(node)), request_id)

    def exchange(self, frame, request_id):
        """Sends any text and returns the answer of that id; events that come between are kept."""
        self.socket.send_text(frame)
        return self.answer(request_id)

    def next_answer(self, timeout=10):
        """The text of the next frame that is no event; events are kept. Closed when the server closes instead."""
        while True:
            text = self.socket.receive_text(timeout)
            if text[12:16] != "9999" or text[16:19].isdigit():
                return text
            self._keep(text)

    def answer(self, request_id, timeout=10):
        text = self.next_answer(timeout)
        assert text[12:16] == f"{request_id:04d}", f"answer to another request: {text[:60]}"
        assert int(text[2:12]) == len(text.encode()), f"wrong length in {text[:19]}"
        return Answer(int(text[16:19]), from_json(json.loads(text[19:])[0]), text)

    def _keep(self, frame):
        """Takes an event's conversations apart: one frame may tell several changes."""
        name = frame[16:48].strip()
        self.last_event = from_json(json.loads(frame[48:])[0])
        node = self.last_event.find("request", name)
        if name != "conversations_event":
            self.desk_events.append((name, node))
            return
        for conversation in node.children:
            self.events.append({**conversation.attributes, "offset": node.attributes.get("offset")})

    def event(self, timeout=5, **wanted):
        """The next change of a conversation that has these attributes; those before it are dropped."""
        seen = []
        while True:
            while self.events:
                change = self.events.pop(0)
                seen.append(change)
                if all(change.get(key) == value for key, value in wanted.items()):
                    return change
            try:
                self._keep(self.socket.receive_text(timeout))
            except TimeoutError:
                raise AssertionError(f"no conversations_event with {wanted}; came: {seen}") from None

    def desk_event(self, name, child, timeout=5, **wanted):
        """The next agents_info_event or queues_event with such a child; those before it are dropped. (event, child)."""
        seen = []
        while True:
            while self.desk_events:
                kind, node = self.desk_events.pop(0)
                seen.append((kind, node))
                found = [each for each in node.children if kind == name and each.name == child
                         and all(each.attributes.get(key) == value for key, value in wanted.items())]
                if found:
                    return node, found[0]
            try:
                self._keep(self.socket.receive_text(timeout))
            except TimeoutError:
                raise AssertionError(f"no {name} with {child} {wanted}; came: {seen}") from None

    def close(self):
        self.socket.close()
