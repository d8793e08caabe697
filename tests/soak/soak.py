#!/usr/bin/env python3
"""Random calls, misbehaving phones and random commands of both dialects at one server, for as long as wished. Afterwards
everything must be as before: no call, leg, port or descriptor left, and one CDR with an end and a cause for each leg.

usage: tests/soak/soak.py [SECONDS [CALLS_A_SECOND [SEED]]]    (60 s, 20 calls/s, a seed by the clock)

Prints JSON lines; exit code 1 when something stayed. PATCHBAY_BINARY names another binary than build/release/patchbay."""
import asyncio
import collections
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "wire"), str(Path(__file__).resolve().parent)]

import commands
from harness.config import DOMAIN
from harness.server import Server
from phones import Phones

NUMBERS = [str(number) for number in range(300, 340)]
AGENTS = NUMBERS[:20]
TARGETS = [*NUMBERS, "999", "600", "701", "702", "703"]  # nobody's, the queue, parking slots
SETTLED = 150  # seconds in which all is over: the longest are ring and park time-outs, and SIP's 32 s
IN_USE = re.compile(r"patchbay_(calls|legs|media_ports_open|sip_legs|acd_waiting|recordings_open|http_sockets)\b")


def configuration():
    return {
        "domains": {DOMAIN: {
            "extensions": [{"id": int(number), "number": number, "name": "Phone " + number, "password": "demo" + number}
                           for number in NUMBERS],
            "operators": [{"id": number, "name": "Operator " + number, "password": "demo" + number, "number": number,
                           "group": "soak", "supervisor": number in AGENTS[:3]} for number in AGENTS],
            "trunks": [],
            "queues": [{"id": "soak", "number": "600", "operators": AGENTS, "wrap_up": 2, "ring_time": 4, "max_wait": 15}],
            "applications": [{"id": "crm", "secret": "crm-secret", "scope": "all", "rate_limit": 100_000_000}]}},
        "calls": {"transfer_timeout": 6, "park_timeout": 8},
        "node": {"log_level": "info"},
        "media": {"ports": "20000-31999", "timeout": 0},  # these phones send no audio
        "sip": {"ring_timeout": 12},
    }


def resident(server):
    """KB of memory."""
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii"))[1])


def say(what, **values):
    print(json.dumps({"what": what, **values}, ensure_ascii=False), flush=True)


def left_over(server):
    return {name: value for name, value in server.metrics().items() if value and IN_USE.match(name)}


async def make_traffic(server, phones, seconds, rate, seed):
    """Calls at that rate and commands all the while; returns when the calls' own tasks are done."""
    stop_commands = commands.start(server, AGENTS, TARGETS, phones.counts, seed)
    chance, tasks = random.Random(seed), set()
    begin = due = time.monotonic()
    report = begin + 30
    while time.monotonic() - begin < seconds:
        due += chance.expovariate(rate)
        await asyncio.sleep(max(due - time.monotonic(), 0))
        task = asyncio.ensure_future(phones.call())
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        if time.monotonic() > report:
            report += 30
            phones.forget()
            now = await asyncio.to_thread(server.metrics)
            say("running", seconds=round(time.monotonic() - begin), calls=now["patchbay_calls"], legs=now["patchbay_legs"],
                resident_kb=resident(server))
        assert server.alive(), server.log()
    phones.stopping = True
    await asyncio.to_thread(stop_commands)
    if tasks:
        await asyncio.wait(tasks, timeout=SETTLED)


async def soak(server, seconds, rate, seed):
    loop = asyncio.get_running_loop()
    _, phones = await loop.create_datagram_endpoint(
        lambda: Phones(server.sip_port, DOMAIN, NUMBERS, TARGETS, seed), local_addr=("127.0.0.1", 0))
    for number in NUMBERS:
        await phones.register(number)
    await make_traffic(server, phones, seconds, rate, seed)
    end = time.monotonic() + SETTLED
    left = await asyncio.to_thread(left_over, server)
    while left and time.monotonic() < end:
        await asyncio.sleep(.5)
        left = await asyncio.to_thread(left_over, server)
    for number in NUMBERS:
        await phones.register(number, expires=0)
    return phones.counts, left


def records(server):
    """What is wrong with the CDRs, and how many there are."""
    with sqlite3.connect(server.folder / "patchbay.db") as database:
        count, endless, causeless, odd = database.execute(
            "SELECT count(*), sum(released = 0), sum(cause = ''), sum(released < started OR answered > released OR "
            "(answered <> 0 AND answered < started)) FROM cdr").fetchone()
    return count, {"without end": endless, "without cause": causeless, "with odd times": odd}


def main():
    numbers = [float(each) for each in sys.argv[1:]]
    seconds, rate, seed = (numbers + [60, 20, int(time.time())][len(numbers):])[:3]
    with tempfile.TemporaryDirectory(prefix="soak") as folder:
        server = Server(Path(folder), configuration()).start()
        before = {"resident_kb": resident(server), "descriptors": server.descriptors()}
        say("begin", seed=int(seed), **before)
        counts, left = asyncio.run(soak(server, seconds, rate, int(seed)))
        say("counts", **dict(sorted(collections.Counter(counts).items())))
        faults = [f"{name} is {value}" for name, value in left.items()]
        after = {"resident_kb": resident(server), "descriptors": server.descriptors()}
        if after["descriptors"] > before["descriptors"] + 12:  # the store's readers are opened once
            faults.append(f"{after['descriptors']} descriptors are open, {before['descriptors']} at the start")
        # Each INVITE that reached a phone was a leg, and so was each call that was answered in whatever way.
        legs = sum(count for name, count in counts.items() if name.startswith(("rung: ", "call ")) and name != "call 0")
        if server.stop() != 0:
            faults.append("it did not end in order")
        written, wrong = records(server)
        faults += [f"{count} CDRs {what}" for what, count in wrong.items() if count]
        if written < legs:
            faults.append(f"{written} CDRs for {legs} legs")
        say("end", **after, cdrs=written, faults=faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
