"""Baresip, a phone not of our making: speaks a sine, writes what it hears to a file, is steered over its TCP control."""
import json
import math
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

from .config import DOMAIN, password
from .ports import free_port
from .robot import MUSIC, TONES
from .waiting import PATIENCE, until

MODULES = "/usr/lib/baresip/modules"


class Baresip:
    """Registers as `number` at the server. `hertz` is the tone it sends. `options` go into its account line."""

    def __init__(self, number, server, folder, hertz=1175, answer="manual", transport="udp", options=""):
        self.number, self.hertz, self.tone = number, hertz, hertz
        self.answers = answer == "auto"
        self.folder = Path(folder) / f"baresip-{number}"
        self.folder.mkdir(parents=True)
        self.control_port, self.sip_port = free_port(), free_port()
        (self.folder / "accounts").write_text(
            f"<sip:{number}@{DOMAIN};transport={transport}>;auth_user={number};auth_pass={password(number)}"
            f";outbound=\"sip:{server};transport={transport}\";regint=120;answermode={answer}"
            f";audio_codecs=pcma,pcmu{options}\n")
        (self.folder / "contacts").write_text("")
        modules = ["g711", "ausine", "aubridge", "sndfile", "account", "menu", "ctrl_tcp"]
        (self.folder / "config").write_text("\n".join([
            f"sip_listen 127.0.0.1:{self.sip_port}", "audio_alert none", f"audio_source ausine,{hertz}",
            "ausrc_srate 48000", "ausrc_channels 2", "audio_player aubridge,nowhere", "net_interface 127.0.0.1", "audio_buffer 20-160",
            f"ctrl_tcp_listen 127.0.0.1:{self.control_port}", f"snd_path {self.folder}", f"module_path {MODULES}",
            *(f"{'module_app' if m in ('account', 'menu', 'ctrl_tcp') else 'module'} {m}.so" for m in modules),
            ""]))
        self.process = subprocess.Popen(["baresip", "-f", str(self.folder)], stdin=subprocess.DEVNULL,
                                        stdout=(self.folder / "log").open("wb"), stderr=subprocess.STDOUT)
        self.socket = until(self._connect, 10, "baresip's control port")
        self._messages, self._came, self._buffer = [], threading.Condition(), b""
        threading.Thread(target=self._read, daemon=True).start()

    def __repr__(self):
        return f"baresip {self.number}"

    def _connect(self):
        assert self.process.poll() is None, self.log()
        try:
            return socket.create_connection(("127.0.0.1", self.control_port), PATIENCE)
        except OSError:
            return None

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def _read(self):
        """Netstrings of JSON: events and answers."""
        self.socket.settimeout(None)
        while True:
            try:
                more = self.socket.recv(65536)
            except OSError:
                return
            if not more:
                return
            self._buffer += more
            while b":" in self._buffer:
                length, _, rest = self._buffer.partition(b":")
                if len(rest) < int(length) + 1:
                    break
                with self._came:
                    self._messages.append(json.loads(rest[:int(length)].decode(errors="replace")))
                    self._came.notify_all()
                self._buffer = rest[int(length) + 1:]

    def wait(self, kind, timeout=8):
        """Takes the first event of that type: CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED …"""
        deadline = time.monotonic() + timeout * PATIENCE
        with self._came:
            while True:
                for i, message in enumerate(self._messages):
                    if message.get("type") == kind:
                        return self._messages.pop(i)
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{self}: no {kind}; came {self._messages}\n{self.log()[-2000:]}")
                self._came.wait(left)

    def forget(self):
        """Drops the events nobody has waited for."""
        with self._came:
            self._messages.clear()

    def registered(self):
        """Waits for its registration. By its log: it may register before anybody listens to its events."""
        until(lambda: " 200 OK " in self.log(), 10, f"{self} to register: {self.log()[-500:]}")
        return self

    def command(self, command, params=None):
        body = json.dumps({"command": command, **({"params": params} if params else {})}).encode()
        self.socket.sendall(str(len(body)).encode() + b":" + body + b",")
        return self

    def call(self, number):
        return self.command("dial", f"sip:{number}@{DOMAIN}")

    def accept(self):
        return self.command("accept")

    def hangup(self):
        return self.command("hangup")

    def hold(self):
        return self.command("hold")

    def resume(self):
        return self.command("resume")

    def transfer(self, number):
        return self.command("transfer", f"sip:{number}@{DOMAIN}")

    def _last_second(self):
        """The newest samples of what it decoded, as sndfile's dump has them."""
        dumps = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda p: p.stat().st_mtime)
        if not dumps:
            return []
        data = dumps[-1].read_bytes()[44:]
        data = data[-8000:] if len(data) % 2 == 0 else data[-8001:-1]
        return struct.unpack(f"<{len(data) // 2}h", data)

    def level(self, hertz):
        """dB of full scale of that tone in the last 400 ms it heard."""
        samples = self._last_second()[-3200:]
        if len(samples) < 1600:
            return -120.0
        coefficient, a, b = 2 * math.cos(2 * math.pi * hertz / 8000), 0.0, 0.0
        window = [0.5 - 0.5 * math.cos(2 * math.pi * i / len(samples)) for i in range(len(samples))]
        for sample, weight in zip(samples, window):
            a, b = sample * weight + coefficient * a - b, a
        power = a * a + b * b - coefficient * a * b
        amplitude = 2 * math.sqrt(max(power, 0)) / sum(window)
        return 20 * math.log10(max(amplitude, 1e-3) / 32767)

    def loudness(self):
        """dB of full scale of all it heard in the last 400 ms."""
        samples = self._last_second()[-3200:]
        power = 2 * sum(sample * sample for sample in samples) / max(len(samples), 1)
        return 10 * math.log10(max(power, 1e-3) / 32767 ** 2)

    def hears(self, *sources, timeout=8):
        """Until it hears exactly these: phones by their tones, MUSIC, or nothing."""
        wanted = {source.tone for source in sources if source != MUSIC}

        def so():
            if any((self.level(tone) > -32) != (tone in wanted) for tone in TONES):
                return False
            return bool(wanted) or (self.loudness() > -42) == (MUSIC in sources)
        until(so, timeout, f"{self} to hear {sources}")

    def end(self):
        try:
            self.command("quit")
            return self.process.wait(5 * PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            return self.process.wait()
        finally:
            self.socket.close()
