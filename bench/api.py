#!/usr/bin/env python3
"""script/bench api: p99 in ms of call_hold and call_unhold with 1,000 live calls, 15,000 of them a second over HTTP and
then over frames, the server on one core; how many a second it takes at most; and the time from a command to its event at
the one of 500 subscribers whom it concerns. The peer is as many GET /healthz of the same server by the same generator:
what HTTP alone takes."""
import argparse
import base64
import contextlib
import json
import pathlib
import re
import subprocess
import tempfile
import urllib.request

from _measure import Process, free_port, generator_core, report, top, wait_until
from _patchbay import Patchbay, register
from setup import answering_phone

domain = "bench.local"


@contextlib.contextmanager
def calls_up(patchbay, folder, numbers, calls):
    """While it lasts, sipp calls each number in turn and another sipp answers for all of them."""
    port, phone = answering_phone()
    with phone:
        for number in numbers.values():
            register(patchbay.sip, port, user=number)
        scenario = folder / "calls.xml"
        lasting = (top / "bench/sipp/uac.xml").read_text().replace('<pause milliseconds="1000"/>', "<pause/>")
        scenario.write_text(lasting.replace("sip:1000@", "sip:[field0]@"))
        dialled = folder / "numbers.csv"
        dialled.write_text("SEQUENTIAL\n" + "".join(f"{outside};\n" for outside in numbers))
        # A call that a busy machine refused is made up for by another one: at most so many stand at once.
        with Process(["sipp", f"127.0.0.1:{patchbay.sip}", "-sf", scenario, "-inf", dialled, "-i", "127.0.0.1", "-p",
                      free_port(), "-r", 100, "-m", 2 * calls, "-l", calls, "-d", 3_600_000, "-nostdin"],
                     generator_core) as caller:
            wait_until(lambda: patchbay.metric("patchbay_calls") >= calls, 120, 0.2, caller.output)
            yield


def conversations(patchbay, numbers):
    """Lines of operator, password and conversation."""
    lines = []
    for number in numbers.values():
        token = base64.b64encode(f"{number}:secret".encode()).decode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{patchbay.http}/{domain}/service/cc/arm/conversations", b"<in><request/></in>",
            {"Authorization": "Basic " + token, "Content-Type": "text/xml"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            found = re.findall(r'<conversation id="([0-9a-f]{16})"', reply.read().decode())
        lines += [f"{number} secret {one}\n" for one in found]
    return "".join(lines)


def load(patchbay, lines, mode, *amounts):
    """One measurement of bench/api_load.cpp."""
    program = top / "build/release/bench/api_load"
    done = subprocess.run(["taskset", "-c", generator_core, program, str(patchbay.http), domain, mode, *map(str, amounts)],
                          input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=1000)
    options.add_argument("--operators", type=int, default=500)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--rate", type=int, default=15000, help="commands a second whose times are taken")
    options.add_argument("--events", type=int, default=500, help="commands a second while the operators listen")
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--runs", type=int, default=3)
    options = options.parse_args()
    numbers = {str(5000 + n): str(1000 + n) for n in range(options.operators)}
    ours, peer, trouble, figures = [], [], [], {}
    with tempfile.TemporaryDirectory() as name, Patchbay(pathlib.Path(name), ", timeout: 0", numbers) as patchbay:
        with calls_up(patchbay, pathlib.Path(name), numbers, options.calls):
            lines = conversations(patchbay, numbers)
            for _ in range(options.runs):
                for mode in ("bare", "http", "frames"):
                    most = load(patchbay, lines, mode, options.connections, options.seconds)
                    figures[mode] = load(patchbay, lines, mode, options.connections, options.seconds, options.rate)
                    figures[mode]["most_per_second"] = most["per_second"]
                    figures[mode]["refused"] += most["refused"]
                figures["events"] = load(patchbay, lines, "events", options.events, options.seconds)
                peer.append(figures["bare"]["p99"])
                ours.append(max(figures["http"]["p99"], figures["frames"]["p99"]))
                judge(figures, options, trouble)
    report("api", "ms, p99 of a command", ours, peer, "GET /healthz of the same server", 1.0, options.runs, trouble,
           calls=options.calls, subscribers=options.operators, last_run=figures)


def judge(figures, options, trouble):
    for mode in ("http", "frames"):
        if figures[mode]["most_per_second"] < options.rate or figures[mode]["per_second"] < 0.99 * options.rate:
            trouble.append(f"{mode}: {figures[mode]['per_second']} of {options.rate} commands/s")
    if figures["events"]["p99"] > 2:
        trouble.append(f"events: p99 {figures['events']['p99']} ms")
    if figures["events"]["count"] < 0.99 * options.events * options.seconds:
        trouble.append(f"events: {figures['events']['count']} of {options.events * options.seconds:.0f} came")
    refused = sum(figures[mode]["refused"] for mode in ("http", "frames", "events"))
    if refused:
        trouble.append(f"{refused} commands refused")


if __name__ == "__main__":
    main()
