"""Sets up calls through Patchbay for benchmarks that need them standing: one socket plays the caller behind the trunk,
one the registered phone. Only as much SIP as that takes."""
import re
import select
import socket
import time

from _patchbay import register
from _peers import sdp


def header(message, name):
    return re.search(rf"^{name}:\s*(.*?)\r$", message, re.M | re.I)[1]


def way(body, key):
    """Where a body takes audio, and the GCM key its sender uses towards one that has a key itself."""
    port = int(re.search(r"m=audio (\d+)", body)[1])
    return port, re.search(r"AEAD_AES_128_GCM inline:([^|\s]+)", body)[1] if key else ""


class Calls:
    """join() sets up one call; leaving the block hangs all of them up."""

    def __init__(self, server_port):
        self.server = ("127.0.0.1", server_port)
        self.caller, self.phone = self.endpoint(), self.endpoint()
        self.up, self.calls, self.answered = [], 0, {}
        register(server_port, self.phone.getsockname()[1])

    @staticmethod
    def endpoint():
        end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        end.bind(("127.0.0.1", 0))
        end.settimeout(5)
        return end

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for number, to, contact in self.up:
            self.send("BYE", contact, number, to, 2)
        self.caller.close()
        self.phone.close()

    def send(self, method, uri, number, to, sequence, body=""):
        own = self.caller.getsockname()[1]
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self.caller.sendto((f"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{method}{number}\r\n"
                            f"Max-Forwards: 70\r\nFrom: <sip:caller@127.0.0.1>;tag=c{number}\r\nTo: {to}\r\n"
                            f"Call-ID: relay-{own}-{number}\r\nCSeq: {sequence} {method}\r\n"
                            f"Contact: <sip:caller@127.0.0.1:{own}>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}").encode(),
                           self.server)

    def next_message(self):
        """What comes next: a new INVITE at the phone and where from, or a reply to the caller. An INVITE that comes again
        has missed its answer."""
        while True:
            ready, _, _ = select.select([self.phone, self.caller], [], [], 10)
            if not ready:
                raise RuntimeError("the call came to nothing")
            if self.phone not in ready:
                return None, self.caller.recv(8192).decode()
            packet, source = self.phone.recvfrom(8192)
            message = packet.decode()
            if not message.startswith("INVITE"):
                continue
            known = self.answered.get(header(message, "(?:Call-ID|i)"))
            if known is None:
                return (message, source), None
            self.phone.sendto(known, source)

    def next_invite(self):
        """The INVITE at the phone and where from; None when the server refused the call in place of it. The refusal of an
        earlier call, which nobody acknowledges, may come again."""
        while True:
            invite, reply = self.next_message()
            if invite:
                return invite
            if re.match("SIP/2.0 [3-6]", reply) and f"-{self.calls}\r\n" in reply:
                return None

    def answer(self, invite, source, port, key, codec="PCMA"):
        """The phone's 200 for the INVITE. Returns the INVITE's SDP."""
        copied = "".join(line + "\r\n" for line in invite.split("\r\n\r\n")[0].split("\r\n")[1:]
                         if re.match(r"(Via|v|From|f|Call-ID|i|CSeq|Record-Route):", line, re.I))
        to = header(invite, "(?:To|t)") + f";tag=p{port}"
        body = sdp(port, key, codec)
        reply = (f"SIP/2.0 200 OK\r\n{copied}To: {to}\r\n"
                 f"Contact: <sip:101@127.0.0.1:{self.phone.getsockname()[1]}>\r\nContent-Type: application/sdp\r\n"
                 f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        self.answered[header(invite, "(?:Call-ID|i)")] = reply
        self.phone.sendto(reply, source)
        return invite

    def ring(self, port_a, key):
        """Calls until the server takes the call: while it starts it may say that it is busy."""
        for _ in range(200):
            self.calls += 1
            self.send("INVITE", f"sip:1000@127.0.0.1:{self.server[1]}", self.calls, "<sip:1000@127.0.0.1>", 1, sdp(port_a, key))
            invite = self.next_invite()
            if invite:
                return invite
            time.sleep(0.1)
        raise RuntimeError("the server takes no calls")

    def join(self, port_a, port_b, codec="PCMA"):
        """One call between audio ports a and b, which speaks that codec; returns the server's ports for each."""
        (to_a, _), (to_b, _) = self.join_encrypted(port_a, port_b, "", "", codec)
        return to_a, to_b

    def join_encrypted(self, port_a, port_b, key_a, key_b, codec="PCMA"):
        """One call whose sides send under these SDES keys, an empty one in plain; returns for each the server's port and
        the key it sends under."""
        for_b = self.answer(*self.ring(port_a, key_a), port_b, key_b, codec)
        while True:
            _, reply = self.next_message()
            if reply is None or f"-{self.calls}\r\n" not in reply:
                continue
            if reply.startswith("SIP/2.0 200"):
                break
            if re.match("SIP/2.0 [3-6]", reply):
                raise RuntimeError("a call that was answered came to nothing: " + reply.splitlines()[0])
        contact, to = re.search(r"<(.*?)>", header(reply, "(?:Contact|m)"))[1], header(reply, "(?:To|t)")
        self.send("ACK", contact, self.calls, to, 1)
        self.up.append((self.calls, to, contact))
        return way(reply, key_a), way(for_b, key_b)
