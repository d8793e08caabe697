"""How long audio is under way through the server, beside the same two phones without it."""
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.delay import delay
from harness.kinds import KINDS, PAIRS, direct, domain, numbers
from harness.robot import Robot, audio
from harness.waiting import SLOWNESS, too_busy

RELAY, MIXER = 2, 45  # ms that may be added
TRIES = 8
RELAYED = [pair for pair in PAIRS if pair[0] == pair[1] or pair == ("PCMA", "PCMU")]
MIXED = [pair for pair in PAIRS if pair not in RELAYED]


class Line:
    """A call of two phones of these kinds through the server."""

    def __init__(self, server, pair, ending):
        self.pair = pair
        self.added = {}  # ms that the server adds to each way: the best it has shown
        self.a, self.b = (Robot(number, server.sip, tone=tone, answer_after=0, **KINDS[kind])
                          for number, tone, kind in zip(numbers(pair), (425, 675), pair))
        ending += [self.a, self.b]
        self.a.register()
        self.b.register()

    def late(self, most):
        """The ways that have not shown yet that no more is added."""
        ways = [(self.a, self.b), (self.b, self.a)]
        return [way for way in ways if self.added.get(way, most + 1) > most]

    def measure(self, bare, most):
        """In a call of its own: how long packets wait to be mixed is learnt from how late they were."""
        call = self.a.call(self.b.number)
        self.a.wait("answered", call=call)
        self.b.wait("connected")
        audio({self.a: [self.b], self.b: [self.a]})
        for speaker, listener in self.late(most):
            listener.do("listen_for_sounds")
            kind = self.pair[0] if speaker is self.a else self.pair[1]
            ms = delay(speaker, listener) - bare[kind]
            self.added[speaker, listener] = min(ms, self.added.get((speaker, listener), ms))
        self.a.do("hangup")
        self.b.wait("ended")

    def __str__(self):
        return "+".join(self.pair) + ": " + ", ".join(f"from {way[0]} {ms:.2f}" for way, ms in self.added.items())


def bare_delays(kinds, ending):
    delays = {}
    for kind in kinds:
        a, b = direct(kind, kind, ending, tone=425)
        audio({b: [a]})
        b.do("listen_for_sounds")
        delays[kind] = min(delay(a, b) for _ in range(2))
        a.do("hangup")
        b.wait("ended")
        a.end()
        b.end()
    return delays


@pytest.mark.parametrize("pairs,most", [(RELAYED, RELAY), (MIXED, MIXER)], ids=["relay", "mixer"])
def test_the_server_adds_little(own_server, ending, pairs, most):
    server = own_server(domains=domain())
    bare = bare_delays(sorted({kind for pair in pairs for kind in pair}), ending)
    lines = late = [Line(server, pair, ending) for pair in pairs]
    for _ in range(TRIES):
        with ThreadPoolExecutor(len(late)) as pool:
            list(pool.map(lambda line: line.measure(bare, most * SLOWNESS), late))
        late = [line for line in late if line.late(most * SLOWNESS)]
        if not late:
            break
    seen = "; ".join(map(str, lines))
    if late and too_busy():
        pytest.skip(f"the machine is too busy to judge delays: {seen}")
    assert not late, f"more than {most} ms added: {seen}"
