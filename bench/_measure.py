"""What every benchmark needs: processes pinned to their core, their CPU time and memory, medians, and the one
line of JSON at the end. The server runs on core 0, the generators on core 1."""
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import tempfile
import time

top = pathlib.Path(__file__).resolve().parent.parent
server_core, generator_core = "0", "1"
# What is measured goes before all else on its core, where that is allowed: in turns, so that nobody waits for ever.
ahead_of_others = ["chrt", "--rr", "1"]
if subprocess.run([*ahead_of_others, "true"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
    ahead_of_others = []
ticks_per_second = os.sysconf("SC_CLK_TCK")


def free_port(kind=socket.SOCK_DGRAM):
    """A port nobody uses just now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def family(pid):
    """The process and all below it."""
    pids = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            pids += family(int(child))
    return pids


class Process:
    """A child on one core, ended when the block ends. Its output goes to a file."""

    def __init__(self, command, core, cwd=None):
        self.log = tempfile.TemporaryFile()
        self.child = subprocess.Popen(["taskset", "-c", core, *map(str, command)], cwd=cwd, stdin=subprocess.DEVNULL,
                                      stdout=self.log, stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()

    def output(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def cpu_seconds(self):
        """User and system time of the process and its children so far."""
        total = 0
        for pid in family(self.child.pid):
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / ticks_per_second

    def memory_kb(self):
        """Resident memory of the process and its children, pages they share counted once for each."""
        total = 0
        for pid in family(self.child.pid):
            for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    total += int(line.split()[1])
        return total


def wait_until(condition, seconds=20, every=0.02, otherwise=lambda: ""):
    """Waits for the condition; fails with what `otherwise` says when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(every)
    raise RuntimeError("waited in vain: " + otherwise())


def report(name, unit, ours, peer, peer_name, goal, runs, trouble, **more):
    """The last line: medians, the ratio, the goal, and what went wrong."""
    median_ours, median_peer = statistics.median(ours), statistics.median(peer)
    print(json.dumps({"name": name, "unit": unit, "ours": round(median_ours, 4), "peer": round(median_peer, 4),
                      "peer_name": peer_name, "ratio": round(median_ours / median_peer, 3), "goal": goal, "runs": runs,
                      "ours_all": [round(x, 4) for x in ours], "peer_all": [round(x, 4) for x in peer],
                      "trouble": trouble, **more}, ensure_ascii=False))
