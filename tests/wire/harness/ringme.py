"""A Ringme client, over one keep-alive connection."""
import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from .waiting import PATIENCE, until


@dataclass
class Reply:
    status: int
    body: object
    headers: dict

    def header(self, name):
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), None)


class Ringme:
    def __init__(self, server, client="crm", secret=None, token=None):
        self.http = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=10 * PATIENCE)
        self.token = token
        if token is None and client is not None:
            reply = self.authorize(client, secret or client + "-secret")
            assert reply.status == 200, reply
            self.token = reply.body["access_token"]

    def authorize(self, client, secret, grant="client_credentials", **more):
        form = {"grant_type": grant, "client_id": client, "client_secret": secret, **more}
        return self.request("POST", "/oauth/token", urlencode(form), base="",
                            headers={"Content-Type": "application/x-www-form-urlencoded"})

    def request(self, method, path, body=None, base="/api/ver1.0", headers=None):
        sent = dict(headers or {})
        if self.token and "Authorization" not in sent:
            sent["Authorization"] = "Bearer " + self.token
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        self.http.request(method, base + path, body.encode() if isinstance(body, str) else body, sent)
        response = self.http.getresponse()
        text = response.read().decode()
        try:
            decoded = json.loads(text) if text else None
        except ValueError:
            decoded = text
        return Reply(response.status, decoded, dict(response.getheaders()))

    def list(self, extension):
        reply = self.request("GET", f"/extension/{extension}/current_calls/")
        assert reply.status == 200, reply
        return reply.body["call_list"]

    def list_client(self, client="@me"):
        reply = self.request("GET", f"/client/{client}/current_calls/")
        assert reply.status == 200, reply
        return reply.body["call_list"]

    def call(self, extension, timeout=5, condition=lambda call: True):
        """The extension's call for which condition holds, waiting for it."""
        return until(lambda: next((c for c in self.list(extension) if condition(c)), None), timeout,
                     f"a call of extension {extension}")

    def get(self, extension, call_id):
        return self.request("GET", f"/extension/{extension}/current_calls/{call_id}")

    def put(self, extension, call_id, action, send_dst=None):
        body = {"action": action}
        if send_dst is not None:
            body["send_dst"] = send_dst
        return self.request("PUT", f"/extension/{extension}/current_calls/{call_id}", body)

    def delete(self, extension, call_id):
        return self.request("DELETE", f"/extension/{extension}/current_calls/{call_id}")

    def close(self):
        self.http.close()
