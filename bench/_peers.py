"""The peers, from Debian, set up for the same work: Kamailio as a stateful proxy with record-routing, rtpengine
relaying in user space."""
import socket

from _measure import Process, free_port, server_core, wait_until

kamailio_config = """
debug=0
log_stderror=yes
children=1
tcp_children=1
disable_tcp=yes
listen=udp:127.0.0.1:{port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
request_route {{
    if (!mf_process_maxfwd_header("10")) {{ sl_send_reply("483", "Too Many Hops"); exit; }}
    if (has_totag()) {{
        if (loose_route()) {{ t_relay(); exit; }}
        if (is_method("ACK")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
        sl_send_reply("404", "Not here"); exit;
    }}
    if (is_method("CANCEL")) {{ if (t_check_trans()) {{ t_relay(); }} exit; }}
    t_check_trans();
    record_route();
    $du = "sip:127.0.0.1:{target}";
    if (!t_relay()) {{ sl_reply_error(); }}
}}
"""


class Kamailio(Process):
    """A stateful proxy on core 0 that sends every call to `target`."""

    def __init__(self, folder, target):
        self.sip = free_port()
        file = folder / "kamailio.cfg"
        file.write_text(kamailio_config.format(port=self.sip, target=target))
        super().__init__(["kamailio", "-DD", "-E", "-m", "512", "-f", file, "-Y", folder, "-P", folder / "kamailio.pid"],
                         server_core)
        wait_until(self.answers, otherwise=self.output)

    def answers(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.2)
            probe.connect(("127.0.0.1", self.sip))
            own = probe.getsockname()[1]
            try:
                probe.send((f"OPTIONS sip:x@127.0.0.1:{self.sip} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bKx\r\n"
                            f"From: <sip:x@y>;tag=1\r\nTo: <sip:x@y>;tag=2\r\nCall-ID: probe\r\nCSeq: 1 OPTIONS\r\n"
                            "Max-Forwards: 5\r\nContent-Length: 0\r\n\r\n").encode())
                return bool(probe.recv(2048))
            except OSError:
                return False


class Rtpengine(Process):
    """rtpengine without its kernel module, on core 0. `offer_answer` joins two ports as its ng protocol does."""

    def __init__(self):
        self.ng = free_port()
        super().__init__(["rtpengine", "--foreground", "--log-stderr", "--log-level=3", "--table=-1", "--interface=127.0.0.1",
                          f"--listen-ng=127.0.0.1:{self.ng}", "--port-min=10000", "--port-max=31999", "--num-threads=1",
                          "--timeout=3600", "--pidfile=/dev/null"], server_core)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(2)
        self.socket.connect(("127.0.0.1", self.ng))
        self.cookie = 0
        wait_until(self.answers, otherwise=self.output)

    def answers(self):
        try:
            return b"pong" in self.ask({"command": "ping"})
        except OSError:
            return False

    def ask(self, request):
        self.cookie += 1
        cookie = f"c{self.cookie}"
        body = "d" + "".join(f"{len(k)}:{k}{len(v)}:{v}" for k, v in sorted(request.items())) + "e"
        self.socket.send(f"{cookie} {body}".encode())
        while True:
            reply = self.socket.recv(8192)
            if reply.startswith(cookie.encode() + b" "):
                return reply

    def offer_answer(self, call, port_a, port_b):
        """Joins the peers at port_a and port_b; returns the ports at which each is to send."""
        for_b = self.sdp_port({"command": "offer", "call-id": call, "from-tag": "a", "sdp": sdp(port_a)})
        for_a = self.sdp_port({"command": "answer", "call-id": call, "from-tag": "a", "to-tag": "b", "sdp": sdp(port_b)})
        return for_a, for_b

    def sdp_port(self, request):
        reply = self.ask(request).decode()
        return int(reply.split("m=audio ", 1)[1].split(" ", 1)[0])


def sdp(port, key="", codec="PCMA"):
    """An audio offer or answer in that codec, with telephone-events like every phone's, from this port of the loopback,
    encrypted under that key (RFC 8643)."""
    crypto = f"a=crypto:1 AEAD_AES_128_GCM inline:{key}\r\n" if key else ""
    number, name, clock = (96, "opus/48000/2", 48000) if codec == "opus" else (8, "PCMA/8000", 8000)
    return ("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {number} 101\r\na=rtpmap:{number} {name}\r\na=rtpmap:101 telephone-event/{clock}\r\n"
            f"{crypto}")
