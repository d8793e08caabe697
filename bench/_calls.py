"""Sets up calls through Patchbay for benchmarks that need them standing: one socket plays the caller behind the trunk,
one the registered phone. Only as much SIP as that takes."""
import re
import socket

from _patchbay import register
from _peers import sdp


def header(message, name):
    return re.search(rf"^{name}:\s*(.*?)\r$", message, re.M | re.I)[1]


class Calls:
    """join() sets up one call; leaving the block hangs all of them up."""

    def __init__(self, server_port):
        self.server = ("127.0.0.1", server_port)
        self.caller, self.phone = self.endpoint(), self.endpoint()
        self.up = []
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

    def answer(self, port):
        """The phone's side: 200 for the INVITE. Returns the port at which the phone is to send its audio."""
        while True:
            invite, source = self.phone.recvfrom(8192)
            invite = invite.decode()
            if invite.startswith("INVITE"):
                break
        copied = "".join(line + "\r\n" for line in invite.split("\r\n\r\n")[0].split("\r\n")[1:]
                         if re.match(r"(Via|v|From|f|Call-ID|i|CSeq|Record-Route):", line, re.I))
        to = header(invite, "(?:To|t)") + f";tag=p{port}"
        body = sdp(port)
        self.phone.sendto((f"SIP/2.0 200 OK\r\n{copied}To: {to}\r\n"
                           f"Contact: <sip:101@127.0.0.1:{self.phone.getsockname()[1]}>\r\nContent-Type: application/sdp\r\n"
                           f"Content-Length: {len(body)}\r\n\r\n{body}").encode(), source)
        return int(re.search(r"m=audio (\d+)", invite)[1])

    def join(self, port_a, port_b):
        """One call between audio ports a and b; returns the server's ports for each."""
        number = len(self.up)
        self.send("INVITE", f"sip:1000@127.0.0.1:{self.server[1]}", number, "<sip:1000@127.0.0.1>", 1, sdp(port_a))
        for_b = self.answer(port_b)
        while True:
            reply = self.caller.recv(8192).decode()
            if reply.startswith("SIP/2.0 200") and f"-{number}\r\n" in reply:
                break
            if re.match(r"SIP/2.0 [3-6]", reply):
                raise RuntimeError(f"the call was refused: {reply.splitlines()[0]}")
        contact, to = re.search(r"<(.*?)>", header(reply, "(?:Contact|m)"))[1], header(reply, "(?:To|t)")
        self.send("ACK", contact, number, to, 1)
        self.up.append((number, to, contact))
        return int(re.search(r"m=audio (\d+)", reply)[1]), for_b
