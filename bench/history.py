#!/usr/bin/env python3
"""script/bench history: the worst p99 in ms of any single filter's first and hundredth page (by tag and by offset) in
10 million CDRs, on SQLite and on PostgreSQL, beside the barest query of each by its own client library; and how many
CDRs a second the stores take while they are read. The filled databases stay in a folder for the next run. While pages are
asked for, generator and PostgreSQL run in real time where that is allowed: they are measured, not the machine's other
work."""
import argparse
import json
import pathlib
import subprocess

from _measure import ahead_of_others, generator_core, report, top
from _postgres import Postgres


def run(url, *arguments, before=()):
    program = top / "build/release/bench/history_load"
    done = subprocess.run(["taskset", "-c", generator_core, *before, program, url, *map(str, arguments)],
                          stdout=subprocess.PIPE, check=True, text=True)
    return done.stdout


def load(url, options, trouble, server=None):
    """One run: its lines, and the worst and the bare p99 in ms."""
    run(url, options.records, "fill")
    if server:
        server.put_ahead(True)
    done = run(url, options.records, "read", before=ahead_of_others)
    if server:
        server.put_ahead(False)
    if options.ingest_seconds > 0:
        done += run(url, options.records, "write", options.ingest_seconds)
    lines = [json.loads(line) for line in done.splitlines()]
    figures = {line["filter"]: {k: v for k, v in line.items() if k != "filter"} for line in lines if "filter" in line}
    worst = max(pages[1] for figure in figures.values() for pages in figure.values()) / 1000
    bare = next(line["bare"][1] for line in lines if "bare" in line) / 1000
    more = next((line for line in lines if "ingest_per_second" in line), {})
    if more and more["ingest_per_second"] < 5000:
        trouble.append(f"{url.split(':')[0]}: {more['ingest_per_second']} CDRs/s")
    return worst, bare, {"p50_p99_us": figures, **more}


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=10_000_000)
    options.add_argument("--ingest-seconds", type=float, default=10)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=pathlib.Path, default=top / "build/bench-history",
                         help="where the filled databases are kept")
    options = options.parse_args()
    folder = options.folder / str(options.records)
    folder.mkdir(parents=True, exist_ok=True)
    ours, peer, trouble, more = [], [], [], {}
    for _ in range(options.runs):
        worst, bare, more["sqlite"] = load(f"sqlite:{folder}/history.db", options, trouble)
        with Postgres(folder) as server:
            slower, slower_bare, more["postgresql"] = load(server.url, options, trouble, server)
        ours.append(max(worst, slower))
        peer.append(max(bare, slower_bare))
        for store, figure in (("sqlite", worst), ("postgresql", slower)):
            more[store].setdefault("worst_p99_ms", figure)
    report("history", "ms, worst p99 of a page", ours, peer, "the barest keyset query by libpq or SQLite", 2.0,
           options.runs, trouble, records=options.records, stores=more)


if __name__ == "__main__":
    main()
