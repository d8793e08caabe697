"""A phone without a SIP stack: the test writes every message, so it may say what no stack would. UDP only."""
import hashlib
import re
import socket
import time
from dataclasses import dataclass, field

from .config import DOMAIN, password
from .ports import free_port
from .waiting import PATIENCE

COMPACT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
           "c": "content-type", "k": "supported", "x": "session-expires", "o": "event", "r": "refer-to"}


@dataclass
class Message:
    """One SIP message as it came: `start` line, `headers` in order, `body`."""
    start: str
    headers: list = field(default_factory=list)
    body: str = ""

    @classmethod
    def read(cls, data):
        head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        pairs = [line.partition(":")[::2] for line in lines]
        return cls(start, [(COMPACT.get(name.strip().lower(), name.strip().lower()), value.strip())
                           for name, value in pairs], body)

    @property
    def status(self):
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0 ") else None

    @property
    def method(self):
        return self["cseq"].split()[1]

    def all(self, name):
        return [value for each, value in self.headers if each == name.lower()]

    def __getitem__(self, name):
        return next(iter(self.all(name)), None)


def tag_of(value):
    found = re.search(r";tag=([^;>\s]+)", value)
    return found[1] if found else None


def uri_of(value):
    found = re.search(r"<([^>]+)>", value)
    return found[1] if found else value.split(";")[0]


def lines(*headers):
    return "".join(f"{header}\r\n" for header in headers)


class BarePhone:
    """One UDP socket. What it sends is given to it line by line; what came is waited for."""

    def __init__(self, number, server, address="127.0.0.1", port=None):
        self.number, self.server = number, ("127.0.0.1", server.sip_port)
        self.address, self.port, self.audio = address, port or free_port(), free_port()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.address, self.port))
        self.came = []
        self.counter, self.last_branch = 0, None  # of the last INVITE outside a dialog
        self.registered = False

    @property
    def contact(self):
        return f"<sip:{self.number}@{self.address}:{self.port}>"

    def sdp(self, *more, version=1, address="127.0.0.1", port=None, audio="RTP/AVP 8"):
        return lines("v=0", f"o=- 77 {version} IN IP4 127.0.0.1", "s=-", f"c=IN IP4 {address}", "t=0 0",
                     f"m=audio {self.audio if port is None else port} {audio}", *more)

    def token(self):
        self.counter += 1
        return f"{self.port}x{self.counter}"

    def send(self, text):
        self.socket.sendto(text.encode() if isinstance(text, str) else text, self.server)

    def take(self, fits, what, timeout):
        """Takes the first message for which fits(message), waiting for it."""
        deadline = time.monotonic() + timeout * PATIENCE
        while True:
            found = next((message for message in self.came if fits(message)), None)
            if found:
                self.came.remove(found)
                return found
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                message = Message.read(self.socket.recv(65536))
            except TimeoutError:
                raise AssertionError(f"{self.number}: no {what}; came: " +
                                     " | ".join(each.start for each in self.came)) from None
            if message.start.strip():
                self.came.append(message)

    def wait(self, timeout=8.0, status=None, method=None, **headers):
        """Takes a request, or the response with that status, of that method and with these headers (call_id=…)."""
        def fits(message):
            return message.status == status and method in (None, message.method) and \
                all(message[name.replace("_", "-")] == value for name, value in headers.items())
        return self.take(fits, {"status": status, "method": method, **headers}, timeout)

    def final(self, method, timeout=8.0):
        """Takes the first final response to that method."""
        return self.take(lambda message: (message.status or 0) >= 200 and message.method == method,
                         f"answer to {method}", timeout)

    def answer(self, request, status, reason="OK", *headers, body="", tag=None):
        """Answers a request; `tag` is ours in To when the request has none yet."""
        to = request["to"] + (f";tag={tag}" if tag and ";tag=" not in request["to"] else "")
        copied = [f"Via: {via}" for via in request.all("via")]
        copied += [f"Record-Route: {route}" for route in request.all("record-route")]
        if body and not any(header.lower().startswith("content-type") for header in headers):
            headers += ("Content-Type: application/sdp",)
        self.send(f"SIP/2.0 {status} {reason}\r\n" + lines(
            *copied, f"From: {request['from']}", f"To: {to}", f"Call-ID: {request['call-id']}",
            f"CSeq: {request['cseq']}", *headers, f"Content-Length: {len(body.encode())}") + "\r\n" + body)

    def request(self, method, uri, *headers, body="", branch=None):
        """Sends a request of which `headers` give everything but Via, Max-Forwards and the length."""
        self.send(f"{method} {uri} SIP/2.0\r\n" + lines(
            f"Via: SIP/2.0/UDP {self.address}:{self.port};branch=z9hG4bK{branch or self.token()}", "Max-Forwards: 70",
            *headers, f"Content-Length: {len(body.encode())}") + "\r\n" + body)

    def proof(self, challenge, method, uri):
        value = challenge["proxy-authenticate"] or challenge["www-authenticate"]
        nonce, realm = (re.search(rf'{name}="([^"]+)"', value)[1] for name in ("nonce", "realm"))

        def md5(text):
            return hashlib.md5(text.encode()).hexdigest()
        ha1, ha2 = md5(f"{self.number}:{realm}:{password(self.number)}"), md5(f"{method}:{uri}")
        digest = md5(f"{ha1}:{nonce}:00000001:abc:auth:{ha2}")
        name = "Proxy-Authorization" if challenge["proxy-authenticate"] else "Authorization"
        return (f'{name}: Digest username="{self.number}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
                f'algorithm=MD5, qop=auth, nc=00000001, cnonce="abc", response="{digest}"')

    def proven(self, method, uri, headers, body=""):
        """Sends a request, and once more with the password's proof when it is asked for. Returns its CSeq number."""
        for number in (1, 2):
            branch = self.last_branch = self.token()
            self.request(method, uri, *headers, f"CSeq: {number} {method}", body=body, branch=branch)
            if number == 2 or self.address != "127.0.0.1":
                return number
            challenge = self.final(method)
            if method == "INVITE":
                kept = [header for header in headers if header.split(":")[0].lower() in ("from", "f", "call-id")]
                self.request("ACK", uri, *kept, f"To: {challenge['to']}", "CSeq: 1 ACK", branch=branch)
            if challenge.status not in (401, 407):
                self.came.append(challenge)
                return number
            headers = [*headers, self.proof(challenge, method, uri)]
        return None

    def register(self, contact=None, expires=300):
        self.proven("REGISTER", f"sip:{DOMAIN}", [
            f"From: <sip:{self.number}@{DOMAIN}>;tag=r", f"To: <sip:{self.number}@{DOMAIN}>",
            f"Call-ID: {self.token()}", f"Contact: {contact or self.contact}", f"Expires: {expires}"])
        self.wait(status=200, method="REGISTER")
        self.registered = expires > 0
        return self

    def invite(self, to, *headers, body=None, late_offer=False, uri=None):
        """Sends an INVITE with its proof; returns the Dialog, on whose `established` the test goes on."""
        return Dialog.calling(self, to, headers, "" if late_offer else body or self.sdp(), uri)

    def invited(self, timeout=8.0):
        """Waits for an INVITE to us; returns its Dialog."""
        return Dialog.called(self, self.wait(timeout, method="INVITE"))

    def end(self):
        try:
            if self.registered:
                self.register(contact="*", expires=0)
        finally:
            self.socket.close()


class Dialog:
    """A call of a bare phone: what stays the same in its messages."""

    def __init__(self, phone, call_id, local, remote, target):
        self.phone, self.call_id, self.local, self.remote, self.target = phone, call_id, local, remote, target
        self.uri, self.cseq, self.invite = target, 0, None

    @classmethod
    def calling(cls, phone, to, headers, body, uri):
        uri = uri or f"sip:{to}@{DOMAIN}"
        self = cls(phone, phone.token(), f"<sip:{phone.number}@{DOMAIN}>;tag={phone.token()}", f"<{uri}>", uri)
        given = {header.split(":")[0].strip().lower() for header in headers}
        kind = ["Content-Type: application/sdp"] if body and not given & {"content-type", "c"} else []
        own = (("from", "f", self.local), ("to", "t", self.remote), ("contact", "m", phone.contact))
        fixed = [f"{name}: {value}" for name, short, value in own if not given & {name, short}]
        self.cseq = phone.proven("INVITE", uri, [*fixed, f"Call-ID: {self.call_id}", *kind, *headers], body)
        return self

    @classmethod
    def called(cls, phone, invite):
        self = cls(phone, invite["call-id"], f"{invite['to']};tag={phone.token()}", invite["from"],
                   uri_of(invite["contact"]))
        self.invite = invite
        return self

    @property
    def tag(self):
        return tag_of(self.local)

    def wait(self, **wanted):
        return self.phone.wait(**wanted, **{"call_id": self.call_id})

    def early(self, response):
        """Takes the dialog that a response to our INVITE made."""
        self.remote, self.target = response["to"], uri_of(response["contact"])

    def become(self, tag):
        """The tag by which we answer from now on."""
        self.local = self.local.replace(f";tag={self.tag}", f";tag={tag}")

    def established(self, acknowledge=True, response=None):
        """Waits for the 200 of our INVITE (unless it is given) and acknowledges it; returns the 200."""
        response = response or self.wait(status=200, method="INVITE")
        self.early(response)
        if acknowledge:
            self.ack()
        return response

    def cancel(self):
        """CANCEL of our INVITE, whatever has become of it."""
        self.phone.request("CANCEL", self.uri, f"From: {self.local}", f"To: <{self.uri}>", f"Call-ID: {self.call_id}",
                           f"CSeq: {self.cseq} CANCEL", branch=self.phone.last_branch)

    def renegotiate(self, body):
        """Re-INVITE and ACK; returns the 200."""
        number = self.send("INVITE", body=body)
        response = self.wait(status=200, cseq=f"{number} INVITE")
        self.ack(cseq=number)
        return response

    def ack(self, *headers, body="", cseq=None):
        self.send("ACK", *headers, body=body, cseq=cseq or self.cseq)

    def send(self, method, *headers, body="", cseq=None, branch=None):
        """Any request within the dialog. Returns its CSeq number."""
        if cseq is None:
            self.cseq += 1
        number = cseq or self.cseq
        if body and not any(h.lower().startswith(("content-type", "c:")) for h in headers):
            headers += ("Content-Type: application/sdp",)
        contact = [] if method in ("ACK", "BYE", "CANCEL") else [f"Contact: {self.phone.contact}"]
        self.phone.request(method, self.target, f"From: {self.local}", f"To: {self.remote}",
                           f"Call-ID: {self.call_id}", f"CSeq: {number} {method}", *contact, *headers, body=body,
                           branch=branch)
        return number

    def reply(self, status, reason="OK", *headers, body="", tag=None, request=None):
        """Answers the INVITE that began the dialog, or another request of it."""
        if request is None:
            headers = (f"Contact: {self.phone.contact}", *headers)
        self.phone.answer(request or self.invite, status, reason, *headers, body=body, tag=tag or self.tag)

    def accept(self, *headers, body=None):
        """200 with SDP, and waits for the ACK."""
        self.reply(200, "OK", *headers, body=self.phone.sdp() if body is None else body)
        return self.wait(method="ACK")

    def hang_up(self):
        self.send("BYE")
        return self.wait(status=200, method="BYE")

    def ended(self):
        """Waits for the server's BYE and answers it."""
        bye = self.wait(method="BYE")
        self.phone.answer(bye, 200)
        return bye
