"""A client of ECSS's JSON socket. Every message that comes, and every request that is done, is held against the schema."""
import itertools
import json
import time

from .config import password
from .json_schema import JsonSchema
from .server import ROOT
from .websocket import WebSocket

SCHEMA = JsonSchema(ROOT / "spec/ecss/json-socket.schema.json")


class Desk:
    """ask() waits for the reply; notifications that come meanwhile are kept for call()."""

    def __init__(self, server, operator, login=True, narrow=False, **more):
        self.operator = operator
        self.socket = WebSocket("127.0.0.1", server.http_port, "/", narrow=narrow)
        self.ids = itertools.count(1)
        self.calls, self.offset, self.resumed = [], None, None
        if login:
            reply = self.ask("login", login=operator, password=password(operator), **more)
            assert reply["status"] == 200, reply

    def _receive(self, timeout=10):
        message = json.loads(self.socket.receive_text(timeout))
        if message.get("action") == "call/notify":
            SCHEMA.check(message, "notification")
            assert float(message["payload"]["offset"]) > 0, message
            self.calls += message["payload"]["calls"]
            self.offset = message["payload"]["offset"]
            return None
        SCHEMA.check(message, "reply")
        return message

    def raw(self, text, timeout=10):
        """Any text; the reply."""
        self.socket.send_text(text)
        while True:
            reply = self._receive(timeout)
            if reply is not None:
                return reply

    def ask(self, action, **payload):
        request_id = next(self.ids)
        request = {"action": action, "requestId": request_id, "payload": payload}
        reply = self.raw(json.dumps(request, ensure_ascii=False))
        assert reply["requestId"] == request_id and reply["action"] == action, reply
        if reply["status"] == 200:
            SCHEMA.check(request, "request")
        return reply

    def subscribe(self, *operators, **more):
        """The calls as they are; with an `offset`, what came after it is notified instead."""
        reply = self.ask("call/subscribe", operatorIds=list(operators), **more)
        assert reply["status"] == 200, reply
        self.resumed = reply["payload"]["resumed"]
        self.offset = reply["payload"]["offset"]
        return reply["payload"]["calls"]

    def call(self, timeout=5, **wanted):
        """The next notified call with these members; those before it are dropped."""
        end, seen = time.monotonic() + timeout, []
        while True:
            while self.calls:
                call = self.calls.pop(0)
                seen.append(call)
                if all(call[key] == value for key, value in wanted.items()):
                    return call
            try:
                assert self._receive(max(0.01, end - time.monotonic())) is None
            except TimeoutError:
                raise AssertionError(f"no call {wanted}; came: {seen}") from None

    def close(self):
        self.socket.close()
