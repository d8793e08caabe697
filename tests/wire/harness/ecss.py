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


def request_xml(child, attributes, request_attributes):
    root = ET.Element("in")
    request = ET.SubElement(root, "request", request_attributes)
    if child:
        ET.SubElement(request, child, attributes)
    return ET.tostring(root, encoding="unicode")


def request_json(child, attributes, request_attributes):
    request = {"_name": "request"}
    if request_attributes:
        request["_attributes"] = request_attributes
    if child:
        node = {"_name": child}
        if attributes:
            node["_attributes"] = attributes
        request["_content"] = [node]
    return json.dumps([{"_name": "in", "_content": [request]}], separators=(",", ":"), ensure_ascii=False)


class EcssClient:
    """What both transports share."""

    def command(self, command, child=None, **attributes):
        """Sends `command` with one child of that (or the given) name. Returns an Answer."""
        return self.send(command, child or command, {k: str(v) for k, v in attributes.items()}, {})

    def send(self, command, child, attributes, request_attributes):
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

    def send(self, command, child, attributes, request_attributes):
        status, headers, text = self.post(command, request_xml(child, attributes, request_attributes))
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

    def __init__(self, server, operator, login=True, secret=None, domain=DOMAIN):
        self.operator, self.secret = operator, secret or password(operator)
        self.socket = WebSocket("127.0.0.1", server.http_port, f"/{domain}/service/cc/arm")
        self.ids = itertools.count(1)
        self.events = []
        if login:
            answer = self.login()
            assert answer.status == 200, answer.raw

    def login(self, **more):
        return self.command("login", login=self.operator, password=self.secret, **more)

    @staticmethod
    def frame(command, request_id, body):
        length = 48 + len(body.encode())
        return f"01{length:010d}{request_id:04d}{command:<32}{body}"

    def send(self, command, child, attributes, request_attributes):
        request_id = next(self.ids)
        return self.exchange(self.frame(command, request_id,
                                        request_json(child, attributes, request_attributes)), request_id)

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
        node = from_json(json.loads(frame[48:])[0]).find("request", "conversations_event")
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

    def close(self):
        self.socket.close()
