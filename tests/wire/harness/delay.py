"""How long audio is under way from one robot to another."""
import math
import statistics

from .waiting import until

CLICKS, EVERY = 10, 12  # packets


def delay(speaker, listener):
    """Milliseconds from one phone's clicks to the other's ear. The quickest quarter: the rest waited for the machine."""
    before = len(listener.facts("sound"))
    speaker.forget()
    speaker.do("click", count=CLICKS, every=EVERY)
    clicks = [speaker.wait("clicked")["at"] for _ in range(CLICKS)]
    until(lambda: any(fact["at"] > clicks[-2] for fact in listener.facts("sound")), 5, "the last clicks to be heard")
    delays = []
    for fact in listener.facts("sound")[before:]:
        said = [at for at in clicks if at < fact["at"]]
        if said:
            delays.append((fact["at"] - said[-1]) / 1000)
    return statistics.quantiles(delays, n=4)[0] if len(delays) > CLICKS / 2 else math.inf
