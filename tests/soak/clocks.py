#!/usr/bin/env python3
"""Calls of phones whose clocks are off, in real time: nothing may drift apart. One clock is too fast and one too slow, and the
codecs differ, so that the server has to mix.

usage: tests/soak/clocks.py [MINUTES [PARTS_PER_MILLION]]    (30 minutes, 100 ppm)

Prints JSON lines: the delay at the begin and at the end, the longest silence, and the share of 20 ms windows within 6 dB of
the tone's level; exit code 1 when the audio was broken or late. PATCHBAY_BINARY and PATCHBAY_ROBOT name other programs."""
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "wire"))

from harness.delay import delay
from harness.robot import Robot, audio
from harness.server import Server

LEAST_STEADY, MOST_LATER = 0.99, 30  # ms


def begin(server, numbers, codecs, skews):
    phones = [Robot(number, server.sip, answer_after=0, tone=tone, codecs=codec, skew=skew).register()
              for number, tone, codec, skew in zip(numbers, (425, 675), codecs, skews)]
    call = phones[0].call(numbers[1])
    phones[0].wait("answered", call=call)
    audio({phones[0]: [phones[1]], phones[1]: [phones[0]]})
    for phone in phones:
        phone.do("listen_for_sounds")
    return phones


def delays(phones):
    """Both ways. Clicks are made in silence: the tones go on afterwards."""
    a, b = phones
    measured = [delay(a, b), delay(b, a)]
    for phone in phones:
        phone.do("mute", on=False)
    audio({a: [b], b: [a]})
    return measured


def main():
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    skew = float(sys.argv[2]) if len(sys.argv) > 2 else 100
    broken = False
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), {"node": {"log_level": "info"}}).start()
        lines = []
        try:
            lines = [begin(server, ("201", "101"), ("PCMA", "opus"), (skew, -skew)),
                     begin(server, ("202", "102"), ("G722", "PCMU"), (-skew, skew))]
            before = [delays(line) for line in lines]
            for phone in sum(lines, []):
                phone.measure()
            time.sleep(minutes * 60)
            heard = [[phone.hear() for phone in line] for line in lines]
            after = [delays(line) for line in lines]
            for line, first, last, sounds in zip(lines, before, after, heard):
                steady = min(sound["steady"] for sound in sounds)
                later = max(end - start for start, end in zip(first, last))
                broken = broken or steady < LEAST_STEADY or later > MOST_LATER
                print(json.dumps({"phones": [phone.number for phone in line], "minutes": minutes, "ppm": skew,
                                  "delay_first_ms": first, "delay_last_ms": last, "steady": round(steady, 5),
                                  "silence_ms": max(sound["silence_ms"] for sound in sounds)}), flush=True)
        finally:
            for phone in sum(lines, []):
                phone.end()
            server.stop()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
