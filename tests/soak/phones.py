"""Many SIP phones on one UDP socket that call, answer, hold, transfer and misbehave by chance. No audio."""
import asyncio
import collections
import hashlib
import itertools
import random
import re
import time

SHORT = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "c": "content-type"}
REFUSALS = [486, 603, 404, 500, 408]
CAPABLE = "Supported: replaces\r\nAllow: INVITE, UPDATE, INFO\r\n"


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


class Talk:
    """A dialog: what its messages have in common, and how far it is."""

    def __init__(self, number, call_id, local, remote, target):
        self.number, self.id, self.local, self.remote, self.target = number, call_id, local, remote, target
        self.cseq, self.acknowledged, self.ringing = 0, False, False
        self.refuse = None  # answers the INVITE that rings
        self.gone = asyncio.Event()

    def tags(self):
        found = [re.search(r"tag=([^;>]+)", text) for text in (self.local, self.remote)]
        return [each[1] for each in found] if all(found) else None


class Request:
    """One that came, and what was answered: a repeat gets the same again."""

    def __init__(self, phones, headers, vias):
        self.phones, self.headers, self.vias, self.sent = phones, headers, vias, []

    def answer(self, status, tag=None, body="", headers=""):
        to = self.headers["to"]
        if tag and "tag=" not in to:
            to += f";tag={tag}"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        text = (f"SIP/2.0 {status} Soak\r\n" + "".join(f"Via: {via}\r\n" for via in self.vias) +
                f"From: {self.headers['from']}\r\nTo: {to}\r\nCall-ID: {self.headers['call-id']}\r\n"
                f"CSeq: {self.headers['cseq']}\r\nContact: <sip:soak@127.0.0.1:{self.phones.port}>\r\n{headers}{kind}"
                f"Content-Length: {len(body)}\r\n\r\n{body}")
        self.sent.append(text)
        self.phones.send(text)


class Phones(asyncio.DatagramProtocol):
    """`targets`: what they dial and transfer to. `counts` says what happened."""

    def __init__(self, server_port, domain, numbers, targets, seed, password="demo"):
        self.server, self.domain, self.numbers, self.targets = ("127.0.0.1", server_port), domain, numbers, targets
        self.password, self.chance, self.seed = password, random.Random(seed), seed
        self.counts, self.talks, self.waiting = collections.Counter(), {}, {}
        self.requests = collections.OrderedDict()
        self.ids, self.nonce, self.nonce_count = itertools.count(1), None, itertools.count(1)
        self.stopping, self.transport, self.port = False, None, None

    # The wire.

    def connection_made(self, transport):
        self.transport, self.port = transport, transport.get_extra_info("sockname")[1]

    def send(self, text):
        self.transport.sendto(text.encode(), self.server)

    def token(self):
        return f"{self.port}-{self.seed}-{next(self.ids)}"

    def sdp(self, direction=""):
        return (f"v=0\r\no=- 1 {next(self.ids)} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                f"m=audio 40000 RTP/AVP {self.chance.choice(['8', '0', '8 0'])}\r\n{direction}")

    def request(self, method, talk, cseq=None, headers="", body="", branch=None, to=None):
        """Sends it and returns (branch, text)."""
        if cseq is None:
            talk.cseq += 1
        branch = branch or "z9hG4bK" + self.token()
        kind = "Content-Type: application/sdp\r\n" if body else ""
        text = (f"{method} {talk.target} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch}\r\n"
                f"Max-Forwards: 70\r\nFrom: {talk.local}\r\nTo: {to or talk.remote}\r\nCall-ID: {talk.id}\r\n"
                f"CSeq: {cseq or talk.cseq} {method}\r\nContact: <sip:{talk.number}@127.0.0.1:{self.port}>\r\n{CAPABLE}"
                f"{headers}{kind}Content-Length: {len(body)}\r\n\r\n{body}")
        self.send(text)
        return branch, text

    def proof(self, number, method, uri):
        if self.nonce is None:
            return ""
        count = f"{next(self.nonce_count):08x}"
        digest = md5(f"{md5(f'{number}:{self.domain}:{self.password}{number}')}:{self.nonce}:{count}:x:auth:"
                     f"{md5(f'{method}:{uri}')}")
        name = "Authorization" if method == "REGISTER" else "Proxy-Authorization"
        return (f'{name}: Digest username="{number}", realm="{self.domain}", nonce="{self.nonce}", uri="{uri}", '
                f'algorithm=MD5, qop=auth, nc={count}, cnonce="x", response="{digest}"\r\n')

    def challenged(self, headers):
        value = headers.get("proxy-authenticate") or headers["www-authenticate"]
        self.nonce, self.nonce_count = re.search(r'nonce="([^"]+)"', value)[1], itertools.count(1)

    def datagram_received(self, data, _):
        head, _, body = data.decode().partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        if not start:
            return
        headers, vias = {}, []
        for line in lines:
            name, _, value = line.partition(":")
            name = SHORT.get(name.strip().lower(), name.strip().lower())
            headers.setdefault(name, value.strip())
            if name == "via":
                vias.append(value.strip())
        if start.startswith("SIP/2.0"):
            self.response(int(start.split()[1]), headers)
        else:
            self.incoming(start.split()[0], headers, vias, body)

    def response(self, status, headers):
        number, method = headers["cseq"].split()
        branch = re.search(r"branch=([^;\s]+)", headers["via"])[1]
        if method != "CANCEL" and branch in self.waiting:
            self.waiting[branch].put_nowait((status, headers))
        elif method == "INVITE" and 200 <= status < 300 and headers["call-id"] in self.talks:
            self.request("ACK", self.talks[headers["call-id"]], cseq=int(number), to=headers["to"])

    # Calls to these phones.

    def incoming(self, method, headers, vias, body):
        talk = self.talks.get(headers["call-id"])
        if method == "ACK":
            if talk:
                talk.acknowledged = True
            return
        key = (method, re.search(r"branch=([^;\s]+)", vias[0])[1])
        if key in self.requests:
            for text in self.requests[key].sent:
                self.send(text)
            return
        request = self.requests[key] = Request(self, headers, vias)
        if len(self.requests) > 20_000:
            self.requests.popitem(last=False)
        if method == "INVITE" and "tag=" not in headers["to"]:
            asyncio.ensure_future(self.ring(request))
        elif method == "INVITE":
            self.renegotiated(request)
        elif method == "CANCEL":
            request.answer(200)
            if talk and talk.ringing:
                talk.ringing = False
                talk.refuse(487)
        elif method == "BYE":
            if self.chance.random() < .02 and not self.stopping:
                del self.requests[key]  # its repeat is answered
            else:
                request.answer(481 if talk is None or talk.gone.is_set() else 200)
            if talk:
                talk.gone.set()
        elif method in ("OPTIONS", "INFO", "NOTIFY", "UPDATE"):
            request.answer(200, body=self.sdp() if method == "UPDATE" and body else "")
        else:
            request.answer(405)

    def renegotiated(self, request):
        status = self.chance.choices([200, 491, 500, None], [88, 6, 4, 2])[0]
        if status:
            request.answer(status, body=self.sdp() if status == 200 else "")

    async def ring(self, request):
        headers, tag = request.headers, self.token()
        talk = Talk(re.search(r"sip:([^@>;]+)", headers["to"])[1], headers["call-id"], f"{headers['to']};tag={tag}",
                    headers["from"], re.search(r"<([^>]+)>", headers["contact"])[1])
        self.talks[talk.id] = talk
        how = self.chance.choices(["refuse", "redirect", "never", "early", "twice", "answer"], [6, 2, 4, 3, 3, 82])[0]
        self.counts["rung: " + how] += 1
        if how in ("refuse", "redirect"):
            talk.gone.set()
            contact = f"Contact: <sip:{self.chance.choice(self.numbers)}@{self.domain}>\r\n"
            return request.answer(302 if how == "redirect" else self.chance.choice(REFUSALS), tag,
                                  headers=contact if how == "redirect" else "")
        talk.ringing = True
        talk.refuse = lambda status: (request.answer(status, tag), talk.gone.set())
        request.answer(183 if how == "early" else 180, tag, self.sdp() if how == "early" else "")
        if how == "never":
            return None
        await asyncio.sleep(self.chance.choice([0, .05, .2, 1, 2, 5]))
        if not talk.ringing:
            return None
        talk.ringing = False
        body = self.sdp()
        request.answer(200, tag, body)
        if how == "twice":
            request.answer(200, tag + "b", body)
            request.sent.pop()
        for _ in range(10):
            await asyncio.sleep(.5)
            if talk.acknowledged or talk.gone.is_set():
                break
            self.send(request.sent[-1])
        return await self.live(talk)

    # Calls by these phones.

    async def transact(self, method, talk, headers="", body=""):
        """Sends a request within the talk, repeats it as UDP needs, acknowledges; returns the status."""
        branch, text = self.request(method, talk, headers=headers, body=body)
        cseq, answers, end, again = talk.cseq, asyncio.Queue(), time.monotonic() + 32, .5
        self.waiting[branch] = answers
        try:
            while time.monotonic() < end:
                try:
                    status, _ = await asyncio.wait_for(answers.get(), again)
                except asyncio.TimeoutError:
                    self.send(text)
                    again = min(again * 2, 4)
                    continue
                if status < 200:
                    continue
                if method == "INVITE":
                    self.request("ACK", talk, cseq=cseq, branch=branch if status >= 300 else None)
                self.counts[f"{method} {status}"] += 1
                return status
            self.counts[f"{method} unanswered"] += 1
            return 408
        finally:
            del self.waiting[branch]

    async def live(self, talk):
        """Holds, transfers and so on for some seconds; then hangs up, unless the server did before."""
        left = self.chance.expovariate(1 / 4)
        while left > 0 and not self.stopping:
            pause = min(left, self.chance.uniform(.2, 3))
            left -= pause
            try:
                await asyncio.wait_for(talk.gone.wait(), pause)
                return
            except asyncio.TimeoutError:
                await self.do_something(talk)
        if not talk.gone.is_set():
            talk.gone.set()
            await self.transact("BYE", talk)

    async def do_something(self, talk):
        what = self.chance.choices(["", "hold", "late", "update", "refer", "replaces", "info"], [50, 25, 5, 6, 6, 4, 4])[0]
        if what == "hold":
            directions = ["a=sendonly\r\n", "a=inactive\r\n", "a=sendrecv\r\n", ""]
            await self.transact("INVITE", talk, body=self.sdp(self.chance.choice(directions)))
        elif what == "late":
            await self.transact("INVITE", talk)
        elif what == "update":
            await self.transact("UPDATE", talk, body=self.sdp())
        elif what == "info":
            await self.transact("INFO", talk)
        elif what == "refer":
            await self.transact("REFER", talk, f"Refer-To: <sip:{self.chance.choice(self.targets)}@{self.domain}>\r\n")
        elif what == "replaces":
            mine = [each for each in self.talks.values() if each.number == talk.number and each is not talk and each.tags()]
            if mine:
                other = self.chance.choice(mine)
                local, remote = other.tags()
                replaces = f"{other.id}%3Bto-tag%3D{remote}%3Bfrom-tag%3D{local}"
                await self.transact("REFER", talk, f"Refer-To: <sip:{self.chance.choice(self.numbers)}@{self.domain}"
                                                   f"?Replaces={replaces}>\r\n")

    async def call(self):
        """One call from one of the numbers to one of the targets, from INVITE to the end."""
        number, to = self.chance.choice(self.numbers), self.chance.choice(self.targets)
        uri = f"sip:{to}@{self.domain}"
        talk = Talk(number, self.token(), f"<sip:{number}@{self.domain}>;tag={self.token()}", f"<{uri}>", uri)
        self.talks[talk.id] = talk
        late_offer = self.chance.random() < .05
        patience = self.chance.choice([.02, .3, 1, 8, 8, 8, 20, 20, 20])
        status, headers = await self.invite(talk, uri, late_offer, patience)
        if status == 407:
            self.challenged(headers)
            status, headers = await self.invite(talk, uri, late_offer, patience)
        self.counts[f"call {status}"] += 1
        if not 200 <= status < 300:
            talk.gone.set()
            return
        talk.remote, talk.target = headers["to"], re.search(r"<([^>]+)>", headers["contact"])[1]
        self.request("ACK", talk, cseq=talk.cseq, body=self.sdp() if late_offer else "")
        await self.live(talk)

    async def invite(self, talk, uri, late_offer, patience):
        """One INVITE, given up by CANCEL after `patience` seconds; returns the final answer (0: none),
        acknowledged unless 2xx."""
        branch, text = self.request("INVITE", talk, headers=self.proof(talk.number, "INVITE", uri),
                                    body="" if late_offer else self.sdp())
        answers, heard, cancelled, again = asyncio.Queue(), False, False, .5
        self.waiting[branch] = answers
        give_up, end = time.monotonic() + patience, time.monotonic() + 90
        try:
            while time.monotonic() < end:
                status, headers = 0, {}
                try:
                    status, headers = await asyncio.wait_for(answers.get(), again)
                    heard = True
                except asyncio.TimeoutError:
                    if not heard:
                        self.send(text)
                        again = min(again * 2, 4)
                if status >= 300:
                    self.request("ACK", talk, cseq=talk.cseq, branch=branch, to=headers["to"])
                if status >= 200:
                    return status, headers
                if heard and not cancelled and (self.stopping or time.monotonic() > give_up):
                    cancelled = True
                    self.request("CANCEL", talk, cseq=talk.cseq, branch=branch)
            return 0, {}
        finally:
            del self.waiting[branch]

    async def register(self, number, expires=3600):
        uri = f"sip:{self.domain}"
        aor = f"<sip:{number}@{self.domain}>"
        talk = Talk(number, "r" + self.token(), f"{aor};tag=r", aor, uri)
        for _ in range(2):
            branch, _ = self.request("REGISTER", talk,
                                     headers=f"Expires: {expires}\r\n" + self.proof(number, "REGISTER", uri))
            answers = self.waiting[branch] = asyncio.Queue()
            status, headers = await asyncio.wait_for(answers.get(), 20)
            del self.waiting[branch]
            if status == 200:
                return
            assert status == 401, status
            self.challenged(headers)
        raise AssertionError(f"{number} cannot register")

    def forget(self, kept=500):
        """Drops what is over, but for the latest."""
        over = [ident for ident, talk in self.talks.items() if talk.gone.is_set()]
        for ident in over[:-kept]:
            del self.talks[ident]
