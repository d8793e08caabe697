#!/usr/bin/env python3
"""script/bench relay: % of one core for a relayed G.711 call (both legs through the server, 20 ms packets), Patchbay
beside rtpengine in user space, in the same run."""
import argparse
import json
import pathlib
import subprocess
import tempfile

from _calls import Calls
from _measure import generator_core, report, top
from _patchbay import Patchbay
from _peers import Rtpengine


def audio(server, ports, seconds, trouble, name):
    """Runs the calls' plain audio for that long: % of a core a call, and the one-way delays."""
    return measure(server, [f"{a} {to_a} {b} {to_b} - - - -\n" for a, to_a, b, to_b in ports], seconds, trouble, name)


def measure(server, lines, seconds, trouble, name, *said):
    """The same for calls as rtp_load reads them, and what it is told to say."""
    load = subprocess.Popen(["taskset", "-c", generator_core, top / "build/release/bench/rtp_load", str(seconds), *said],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    before = server.cpu_seconds()
    out, _ = load.communicate("".join(lines))
    used = server.cpu_seconds() - before
    result = json.loads(out)
    lost = 1 - result["received"] / result["sent"]
    if lost > 0.001 or result["delay_p99_ms"] > 10:
        trouble.append(f"{name}: {lost:.2%} lost, p99 {result['delay_p99_ms']} ms")
    return used / seconds / len(lines) * 100, result


def local_ports(calls):
    # Above the ports that the system hands out by itself.
    return [(61000 + 4 * i, 61002 + 4 * i) for i in range(calls)]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=500)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--runs", type=int, default=3)
    options = options.parse_args()
    ours, peer, trouble, delays = [], [], [], {}
    for _ in range(options.runs):
        with Rtpengine() as rtpengine:
            ports = []
            for number, (a, b) in enumerate(local_ports(options.calls)):
                to_a, to_b = rtpengine.offer_answer(f"call{number}", a, b)
                ports.append((a, to_a, b, to_b))
            figure, delays["peer"] = audio(rtpengine, ports, options.seconds, trouble, "rtpengine")
            peer.append(figure)
        with tempfile.TemporaryDirectory() as name, Patchbay(pathlib.Path(name)) as patchbay:
            with Calls(patchbay.sip) as calls:
                ports = []
                for a, b in local_ports(options.calls):
                    to_a, to_b = calls.join(a, b)
                    ports.append((a, to_a, b, to_b))
                figure, delays["ours"] = audio(patchbay, ports, options.seconds, trouble, "Patchbay")
                ours.append(figure)
    report("relay", "% of a core a call", ours, peer, "rtpengine 10.5 in user space", 0.040, options.runs, trouble,
           calls=options.calls, one_way={who: {k: v for k, v in d.items() if "delay" in k} for who, d in delays.items()})


if __name__ == "__main__":
    main()
