#!/usr/bin/env python3
"""script/bench setup: CPU seconds per 1,000 two-leg calls set up and cleared, Patchbay (journal and history on) beside
Kamailio as a stateful proxy. Then how many calls a second stay clean, the memory a call, and what a flood of twice
that does."""
import argparse
import csv
import pathlib
import tempfile

from _measure import Process, free_port, generator_core, report, top, wait_until
from _patchbay import Patchbay, register
from _peers import Kamailio


class Caller:
    """What one run of sipp's calls came to."""

    def __init__(self, target, rate, calls, folder):
        statistics_file = folder / f"uac-{rate}-{calls}-{free_port()}.csv"
        command = ["sipp", f"127.0.0.1:{target}", "-sf", top / "bench/sipp/uac.xml", "-i", "127.0.0.1", "-p", free_port(),
                   "-r", rate, "-m", calls, "-l", 100000, "-timeout", 60 + calls // rate, "-timeout_error", "-nostdin",
                   "-trace_stat", "-stf", statistics_file, "-fd", 1, "-buff_size", 8388608]
        with Process(command, generator_core) as sipp:
            sipp.child.wait()
        last = list(csv.DictReader(statistics_file.open(), delimiter=";"))[-1]
        self.done, self.failed = int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"])
        self.retransmissions = int(last["Retransmissions(C)"])

    def clean(self, calls):
        return self.failed <= calls * 0.001 and self.retransmissions <= calls * 0.005 and self.done + self.failed >= calls


def answering_phone():
    port = free_port()
    return port, Process(["sipp", "-sf", top / "bench/sipp/uas.xml", "-i", "127.0.0.1", "-p", port, "-nostdin",
                          "-buff_size", 8388608], generator_core)


def cost(server, port, rate, calls, folder, trouble, name):
    """CPU seconds of the server per 1,000 calls at that rate."""
    before = server.cpu_seconds()
    caller = Caller(port, rate, calls, folder)
    if not caller.clean(calls):
        trouble.append(f"{name} at {rate}/s: {caller.failed} failed, {caller.retransmissions} retransmissions of {calls}")
    return (server.cpu_seconds() - before) * 1000 / max(1, caller.done)


def clean_rate(patchbay, folder, trouble):
    """The highest rate of the steps at which calls stay clean, and how the next one failed."""
    best = 0
    for rate in (500, 1000, 1500, 2000, 2400):
        caller = Caller(patchbay.sip, rate, rate * 5, folder)
        if not caller.clean(rate * 5):
            trouble.append(f"at {rate}/s: {caller.failed} failed, {caller.retransmissions} retransmissions")
            break
        best = rate
    return best


def memory_per_call(patchbay, folder):
    """KB of resident memory for each call that is up, with 1,000 up at the same time."""
    wait_until(lambda: patchbay.metric("patchbay_calls") == 0, 60)
    before = patchbay.memory_kb()
    with Process(["sipp", f"127.0.0.1:{patchbay.sip}", "-sf", top / "bench/sipp/uac.xml", "-i", "127.0.0.1", "-p",
                  free_port(), "-r", 1000, "-m", 1000, "-l", 100000, "-d", 8000, "-nostdin"], generator_core) as sipp:
        wait_until(lambda: patchbay.metric("patchbay_calls") >= 950, 30)
        with_calls = patchbay.memory_kb()
        calls = patchbay.metric("patchbay_calls")
        sipp.child.wait()
    return (with_calls - before) / calls


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=int, default=1000)
    options.add_argument("--calls", type=int, default=8000)
    options.add_argument("--runs", type=int, default=3)
    options = options.parse_args()
    ours, peer, trouble, more = [], [], [], {}
    for run in range(options.runs):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            phone_port, phone = answering_phone()
            with phone:
                with Kamailio(folder, phone_port) as kamailio:
                    cost(kamailio, kamailio.sip, options.rate, 300, folder, [], "warm-up")
                    peer.append(cost(kamailio, kamailio.sip, options.rate, options.calls, folder, trouble, "Kamailio"))
                with Patchbay(folder) as patchbay:
                    register(patchbay.sip, phone_port)
                    cost(patchbay, patchbay.sip, options.rate, 300, folder, [], "warm-up")
                    ours.append(cost(patchbay, patchbay.sip, options.rate, options.calls, folder, trouble, "Patchbay"))
                    if run == 0:
                        more = limits(patchbay, options, folder, trouble)
    report("setup", "CPU s per 1,000 calls", ours, peer, "Kamailio 5.6 stateful proxy", 0.35, options.runs, trouble, **more)


def limits(patchbay, options, folder, trouble):
    """The figures beside the cost: clean rate, memory, behaviour under and after a flood."""
    memory = memory_per_call(patchbay, folder)
    best = clean_rate(patchbay, folder, trouble)
    flood = Caller(patchbay.sip, 2 * max(best, 500), 4 * max(best, 500), folder)
    wait_until(lambda: patchbay.metric("patchbay_calls") == 0, 120)
    after = cost(patchbay, patchbay.sip, options.rate, options.calls, folder, trouble, "after the flood")
    return {"clean_calls_per_second": best, "memory_kb_per_call": round(memory, 1),
            "flood": {"offered_per_second": 2 * max(best, 500), "done": flood.done, "refused_or_failed": flood.failed,
                      "cost_after": round(after, 4), "calls_left": patchbay.metric("patchbay_calls")}}


if __name__ == "__main__":
    main()
