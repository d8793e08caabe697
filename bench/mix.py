#!/usr/bin/env python3
"""script/bench mix: % of one core for a participant of 3-party conferences in G.711, all three speaking at once, through
the full server; beside it what rtpengine takes in the same run to pass on as many packets without mixing them. Then calls
of a G.711 phone with an Opus phone: their cost as the ratio to that of the bare Opus encoder and decoder."""
import argparse
import base64
import json
import pathlib
import re
import statistics
import subprocess
import tempfile
import urllib.request

from _calls import Calls
from _measure import report, server_core, top
from _patchbay import Patchbay, register
from _peers import Rtpengine
from relay import local_ports, measure

domain = "bench.local"
goal, opus_goal = 0.07, 1.3
frames_a_second = 50


class Conferences(Calls):
    """confer() sets up one call of three: the caller, the operator it reaches, and another extension."""

    def __init__(self, patchbay):
        super().__init__(patchbay.sip)
        self.http = patchbay.http
        self.known = set()
        register(patchbay.sip, self.phone.getsockname()[1], user="102")

    def command(self, name, body):
        token = base64.b64encode(b"101:secret").decode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}/{domain}/service/cc/arm/{name}", body.encode(),
                                         {"Authorization": "Basic " + token, "Content-Type": "text/xml"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.read().decode()

    def confer(self, port_a, port_b, port_c):
        """Returns the server's port for each of the three."""
        to_a, to_b = self.join(port_a, port_b)
        listed = self.command("conversations", "<in><request/></in>")
        fresh = set(re.findall(r'<conversation id="([0-9a-f]+)"', listed)) - self.known
        self.known |= fresh
        self.command("call_consult", f'<in><request><call_consult conversation_id="{fresh.pop()}" to_number="102" '
                                     'mode="conference"/></request></in>')
        invite = self.answer(*self.next_invite(), port_c, "")
        return to_a, to_b, int(re.search(r"m=audio (\d+)", invite)[1])


def mixed(options, trouble):
    """% of a core a participant of 3-party conferences."""
    with tempfile.TemporaryDirectory() as name, \
            Patchbay(pathlib.Path(name), numbers={"1000": "101", "2000": "102"}) as patchbay, \
            Conferences(patchbay) as calls:
        streams = []
        for number in range(options.conferences):
            ports = [61000 + 6 * number + 2 * i for i in range(3)]
            streams += zip(ports, calls.confer(*ports))
        lines = [f"{a} {to_a} {b} {to_b} - - - -\n" for (a, to_a), (b, to_b) in zip(streams[::2], streams[1::2])]
        return measure(patchbay, lines, options.seconds, trouble, "conferences", "speech")[0] / 2


def passed_on(options, trouble):
    """% of a core that rtpengine takes for each leg of as many."""
    with Rtpengine() as rtpengine:
        lines = []
        for number, (a, b) in enumerate(local_ports(options.conferences * 3 // 2)):
            to_a, to_b = rtpengine.offer_answer(f"call{number}", a, b)
            lines.append(f"{a} {to_a} {b} {to_b} - - - -\n")
        return measure(rtpengine, lines, options.seconds, trouble, "rtpengine", "speech")[0] / 2


def transcoded(options, trouble):
    """% of a core of a call between G.711 and Opus."""
    with tempfile.TemporaryDirectory() as name, Patchbay(pathlib.Path(name)) as patchbay, Calls(patchbay.sip) as calls:
        lines = []
        for a, b in local_ports(options.opus_calls):
            to_a, to_b = calls.join(a, b, "opus")
            lines.append(f"{a} {to_a} {b} {to_b} - - - -\n")
        return measure(patchbay, lines, options.seconds, trouble, "Opus", "opus")[0]


def bare_opus(options):
    """% of a core that the encoder and the decoder alone take for such a call, among as many."""
    done = subprocess.run(["taskset", "-c", server_core, top / "build/release/bench/codec_cost", "5",
                           str(options.opus_calls)], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)["frame_us"] * frames_a_second / 1e6 * 100


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--conferences", type=int, default=100)
    options.add_argument("--opus-calls", type=int, default=100)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--runs", type=int, default=3)
    options = options.parse_args()
    ours, peer, opus, bare, trouble = [], [], [], [], []
    for _ in range(options.runs):
        peer.append(passed_on(options, trouble))
        ours.append(mixed(options, trouble))
        bare.append(bare_opus(options))
        opus.append(transcoded(options, trouble))
    ratios = [call / codec for call, codec in zip(opus, bare)]
    report("mix", "% of a core a participant", ours, peer, "rtpengine passing on as many packets unmixed", goal, options.runs,
           trouble, conferences=options.conferences, opus_ratio=round(statistics.median(ratios), 3), opus_goal=opus_goal,
           opus_all=[round(x, 3) for x in ratios], opus_percent_of_a_core=round(statistics.median(opus), 3),
           bare_opus_percent_of_a_core=round(statistics.median(bare), 3))


if __name__ == "__main__":
    main()
