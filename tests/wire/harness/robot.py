"""The robot as an object: commands are methods, facts are waited for by condition."""
import itertools
import json
import math
import os
import struct
import subprocess
import threading
import time
import wave

from . import sanitizer
from .config import DOMAIN, password
from .server import ROOT
from .waiting import PATIENCE

BINARY = os.environ.get("PATCHBAY_ROBOT", str(ROOT / "build/release/tools/robot/robot"))
TONES = (425, 675, 925, 1175, 1425)
MUSIC = "music"


class Playing:
    """A sound of the server's that is one of TONES: its file, and what a robot is to hear."""

    def __init__(self, folder, tone, seconds=2, level=-12):
        self.tone, self.file = tone, str(folder / f"{tone}-{seconds}.wav")
        loudest = 32767 * 10 ** (level / 20)
        samples = (round(loudest * math.sin(2 * math.pi * tone * i / 8000)) for i in range(8000 * seconds))
        with wave.open(self.file, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(8000)
            file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))

    def __repr__(self):
        return f"the sound of {self.tone} Hz"


class Robot:
    """One phone. Its facts are kept until something waits for them; each is taken once."""

    def __init__(self, number, server, tone=0, **options):
        """`options` become command line options: answer_after=100 is --answer-after 100; True is a flag."""
        self.number, self.tone = number, tone
        self.codecs = options.get("codecs", "PCMA,PCMU")
        self.manual = "answer_after" not in options  # it answers only when told to
        options = {"server": server, "domain": DOMAIN, "user": number, "password": password(number),
                   "tone": tone, "listen": ",".join(map(str, TONES)), **options}
        arguments = []
        for name, value in options.items():
            values = value if isinstance(value, list) else [value]
            for item in values:
                if item is None or item is False:
                    continue
                arguments.append("--" + name.replace("_", "-"))
                if item is not True:
                    arguments.append(str(item))
        self.process = subprocess.Popen([BINARY, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, bufsize=1)
        self._facts, self._history = [], []
        self._came = threading.Condition()
        self._ids = itertools.count(1)
        threading.Thread(target=self._read, daemon=True).start()
        self.sip = self.wait("started")["sip"]

    def __repr__(self):
        return self.number

    def _read(self):
        for line in self.process.stdout:
            with self._came:
                fact = json.loads(line)
                self._facts.append(fact)
                self._history.append(fact)
                self._came.notify_all()

    def _take(self, wanted):
        for i, fact in enumerate(self._facts):
            if all(fact.get(key) == value for key, value in wanted.items()):
                return self._facts.pop(i)
        return None

    def wait(self, event, timeout=12.0, **fields):
        """Takes the first fact of that kind, waiting for it when it has not come yet."""
        wanted = {"event": event, **fields}
        timeout *= PATIENCE
        deadline = time.monotonic() + timeout
        with self._came:
            while True:
                fact = self._take(wanted)
                if fact:
                    return fact
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{self.number}: no {wanted} within {timeout} s; facts so far:\n" +
                                         "\n".join(map(str, self._history[-25:])))
                self._came.wait(left)

    def facts(self, event, **fields):
        """All facts of that kind so far, taken or not."""
        wanted = {"event": event, **fields}
        with self._came:
            return [f for f in self._history if all(f.get(k) == v for k, v in wanted.items())]

    def forget(self, call=None):
        """Drops the facts nobody has waited for, of one call or all."""
        with self._came:
            self._facts = [fact for fact in self._facts if call is not None and fact.get("call") != call]

    def tell(self, command, **fields):
        """Sends a command and returns its id, without waiting."""
        ident = next(self._ids)
        self.process.stdin.write(json.dumps({"cmd": command, "id": ident, **fields}) + "\n")
        return ident

    def do(self, command, **fields):
        """Sends a command and waits until it was carried out; AssertionError when it was refused."""
        ident = self.tell(command, **fields)
        with self._came:
            deadline = time.monotonic() + 5 * PATIENCE
            while True:
                if self._take({"event": "done", "id": ident}):
                    return self
                refused = self._take({"event": "refused", "id": ident})
                assert not refused, f"{self.number}: {command}: {refused['text']}"
                left = deadline - time.monotonic()
                assert left > 0, f"{self.number}: no answer to {command}"
                self._came.wait(left)

    def ask(self, command, answer, **fields):
        return self.wait(answer, id=self.tell(command, **fields))

    def register(self, **fields):
        self.do("register", **fields)
        self.wait("registered")
        return self

    def call(self, to, **fields):
        """Calls and returns the call's number."""
        ident = self.tell("call", to=to, **fields)
        calling = self.wait("calling")
        self.wait("done", id=ident)
        return calling["call"]

    def hears(self, *sources, timeout=8000, call=0, stable=300):
        """Begins to wait until exactly these are heard: robots, sounds, or MUSIC. Returns what finish() takes."""
        tones = [source.tone for source in sources if source != MUSIC]
        others = [tone for tone in TONES if tone not in tones]
        # What Opus makes of two steady tones is not free of others that are no phone's.
        rest = {} if "opus" in self.codecs and len(tones) > 1 else {"other": MUSIC in sources}
        return self.tell("wait_tones", want=tones, timeout=int(timeout * PATIENCE), call=call, stable=stable,
                         **{"not": others}, **rest)

    def heard(self, ident, timeout=15):
        return self.wait("tones", timeout, id=ident)

    def hear(self, call=0):
        """What it hears just now, and the counts of its stream."""
        return self.ask("hear", "heard", call=call)

    def measure(self, level=-12, call=0):
        """From now on hear() says how unbroken the stream is: `silence_ms`, the longest silence in it, and `steady`,
        the share of 20 ms windows within 6 dB of that level."""
        return self.do("measure", level=level, call=call)

    def stats(self):
        return self.ask("stats", "stats")

    def leave(self):
        """Begins to hang up, unregister and end; end() waits for it."""
        if self.process.poll() is None:
            self.process.terminate()

    def end(self, timeout=5):
        """Hangs up, unregisters, ends. Returns the exit code; AssertionError when it is a sanitizer's (script/test)."""
        self.leave()
        try:
            code = self.process.wait(timeout * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.process.stdin.close()
        return sanitizer.check(code, self.number)


def audio(rows, timeout=8000, stable=300):
    """Waits until each robot hears exactly its sources: audio({a: [b], b: [a], s: []}). All at once.

    A key may be (robot, call number); a source is a robot, a sound or MUSIC; no source is silence."""
    waiting = []
    for key, sources in rows.items():
        robot, call = key if isinstance(key, tuple) else (key, 0)
        waiting.append((robot, sources, robot.hears(*sources, timeout=timeout, call=call, stable=stable)))
    wrong = []
    for robot, sources, ident in waiting:
        fact = robot.heard(ident, timeout / 1000 + 10)
        if not fact["ok"]:
            wrong.append(f"{robot} (tone {robot.tone}) should hear {list(sources)}, hears {fact.get('tones')} "
                         f"other {fact.get('other')}")
    assert not wrong, "\n".join(wrong)
