"""Waiting for a condition instead of for time."""
import os
import time

# All times to wait at most are for a machine with nothing else to do, and are taken this many times: a loaded one, or
# one with sanitizers, is slower and not wrong. Waiting ends as soon as the condition holds.
PATIENCE = float(os.environ.get("PATCHBAY_PATIENCE", "4"))
# What limits in milliseconds are multiplied by: more than 1 only where sanitizers slow everything down.
SLOWNESS = max(PATIENCE / 4, 1)


def too_busy():
    """True where so much waits for the processors that times of a few milliseconds say nothing about the server."""
    return os.getloadavg()[0] > 5 * (os.cpu_count() or 1)


def until(condition, timeout=5.0, what="the condition"):
    """Calls condition() until it returns something true and returns that; AssertionError after the time."""
    timeout *= PATIENCE
    deadline = time.monotonic() + timeout
    pause = 0.005
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout} s in vain for {what}; last: {result!r}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
