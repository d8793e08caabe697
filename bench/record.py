#!/usr/bin/env python3
"""script/bench record: what a recorded relayed G.711 call costs beside the plain relay: CPU time of the whole server
(media, recorder, disk writes as far as the process pays for them) in the same run. Ours is the ratio, the peer is 1."""
import argparse
import pathlib
import tempfile

from _calls import Calls
from _measure import report
from _patchbay import Patchbay
from relay import audio, local_ports


def measure(options, trouble, name, record):
    """% of a core a call, and its one-way delays."""
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        with Patchbay(pathlib.Path(folder), record=record) as patchbay, Calls(patchbay.sip) as calls:
            ports = []
            for a, b in local_ports(options.calls):
                to_a, to_b = calls.join(a, b)
                ports.append((a, to_a, b, to_b))
            figure, result = audio(patchbay, ports, options.seconds, trouble, name)
            if record and patchbay.metric("patchbay_recordings_open") != options.calls:
                trouble.append(f"{patchbay.metric('patchbay_recordings_open')} of {options.calls} calls were recorded")
            dropped = patchbay.metric("patchbay_recording_dropped_packets_total")
            if dropped:
                trouble.append(f"{dropped} packets left out of recordings")
            return figure, {k: v for k, v in result.items() if "delay" in k}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=200)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", help="where recordings are written; the system's temporary folder by default")
    options = options.parse_args()
    ratios, plain_all, recorded_all, trouble, delays = [], [], [], [], {}
    for _ in range(options.runs):
        plain, delays["plain"] = measure(options, trouble, "relay", record=False)
        recorded, delays["recorded"] = measure(options, trouble, "recorded relay", record=True)
        plain_all.append(round(plain, 4))
        recorded_all.append(round(recorded, 4))
        ratios.append(recorded / plain)
    report("record", "times the plain relay", ratios, [1.0] * len(ratios), "our plain relay in the same run", 1.5,
           options.runs, trouble, calls=options.calls, plain=plain_all, recorded=recorded_all, one_way=delays)


if __name__ == "__main__":
    main()
