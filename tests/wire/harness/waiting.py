"""Waiting for a condition instead of for time."""
import time


def until(condition, timeout=5.0, what="the condition"):
    """Calls condition() until it returns something true and returns that; AssertionError after the time."""
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
