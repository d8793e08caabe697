#!/usr/bin/env python3
"""script/bench srtp: what a relayed G.711 call costs encrypted (SRTP, AEAD_AES_128_GCM) on one side and on both, as the
ratio to the plain relay of the same server in the same run."""
import argparse
import base64
import os
import pathlib
import statistics
import tempfile

from _calls import Calls
from _measure import report
from _patchbay import Patchbay
from relay import local_ports, measure

goal_one, goal_both = 1.45, 1.8


def key():
    return base64.b64encode(os.urandom(28)).decode()


def cost(sides, options, trouble):
    """% of a core a call with that many encrypted sides, on a fresh server."""
    with tempfile.TemporaryDirectory() as name, \
            Patchbay(pathlib.Path(name), ", sdes_without_tls: true") as patchbay, Calls(patchbay.sip) as calls:
        lines = []
        for a, b in local_ports(options.calls):
            key_a, key_b = key() if sides > 0 else "", key() if sides > 1 else ""
            (to_a, from_a), (to_b, from_b) = calls.join_encrypted(a, b, key_a, key_b)
            lines.append(f"{a} {to_a} {b} {to_b} {key_a or '-'} {from_a or '-'} {key_b or '-'} {from_b or '-'}\n")
        return measure(patchbay, lines, options.seconds, trouble, f"{sides} encrypted")[0]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=400)
    options.add_argument("--seconds", type=int, default=8)
    options.add_argument("--runs", type=int, default=3)
    options = options.parse_args()
    trouble, one, both, plain = [], [], [], []
    for _ in range(options.runs):
        plain.append(cost(0, options, trouble))
        one.append(cost(1, options, trouble) / plain[-1])
        both.append(cost(2, options, trouble) / plain[-1])
    report("srtp", "ratio to the plain relay, GCM on both sides", both, [1.0], "the plain relay", goal_both, options.runs,
           trouble, calls=options.calls, one_side=round(statistics.median(one), 3), one_side_goal=goal_one,
           one_side_all=[round(x, 3) for x in one], plain_percent_of_a_core=round(statistics.median(plain), 4))


if __name__ == "__main__":
    main()
