"""The real server as a process, on free ports, with a folder of its own."""
import contextlib
import http.client
import os
import re
import signal
import subprocess
from pathlib import Path

from . import sanitizer
from .config import config_text
from .ports import free_port, media_ports
from .waiting import PATIENCE, until

ROOT = Path(__file__).resolve().parents[3]
BINARY = os.environ.get("PATCHBAY_BINARY", str(ROOT / "build/release/patchbay"))

IN_USE = ("patchbay_calls", "patchbay_legs", "patchbay_media_ports_open", 'patchbay_sip_legs{state="open"}')


@contextlib.contextmanager
def counts(server, name, by=1, **labels):
    """Checks that what is done within counts `by` more of that metric with these labels, and no other number."""
    before = server.metric(name, **labels)
    yield

    def rise():
        return server.metric(name, **labels) - before
    until(lambda: rise() >= by, what=f"{name}{labels or ''} to rise by {by}")
    assert rise() == by, f"{name}{labels or ''} rose by {rise()} and not by {by}"


class Server:
    """Started by start(), ended by stop() or kill(); start() again takes up the same folder and ports."""

    def __init__(self, folder, changes=None):
        self.folder = folder
        self.sip_port = free_port()
        self.http_port = free_port()
        self.trunk_port = free_port("127.0.0.3")
        self.media_ports = media_ports()
        self.process = None
        self.descriptors_at_start = 0
        self.tls = None  # the ssl.SSLContext to ask with, when HTTP is served over TLS
        self.config_file = folder / "patchbay.yaml"
        self.log_file = folder / "patchbay.log"
        self.configure(changes or {})

    def configure(self, changes):
        self.config_file.write_text(config_text(
            self.folder, self.sip_port, self.http_port, self.media_ports, self.trunk_port, changes))

    @property
    def sip(self):
        return f"127.0.0.1:{self.sip_port}"

    def start(self):
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", "--config", str(self.config_file)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd=self.folder)
        until(self._ready, 20, "/readyz")
        self.descriptors_at_start = self.descriptors()
        return self

    def _ready(self):
        code = self.process.poll()
        assert code is None, f"the server ended with {code}:\n{self.log()}"
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def stop(self, timeout=10):
        """SIGTERM, as an administrator would. Returns the exit code; AssertionError when it is a sanitizer's."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self._ended(self.process.wait(timeout * PATIENCE))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the server did not end on SIGTERM:\n" + self.log()) from None
        finally:
            self.process = None

    def kill(self):
        """kill -9: no farewell. AssertionError when a sanitizer had ended it already."""
        self.process.kill()
        try:
            self._ended(self.process.wait())
        finally:
            self.process = None

    def _ended(self, code):
        return sanitizer.check(code, "the server", self.log(200))

    def close(self):
        """After the tests: stops it unless it is down already, and says so when either did not end well."""
        if self.alive():
            assert self.stop() == 0, self.log()
        elif self.process is not None:
            self.kill()

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def log(self, last=80):
        lines = self.log_file.read_text(errors="replace").splitlines()
        return "\n".join(lines[-last:])

    def get(self, path, headers=None):
        """(status, text) of a plain GET."""
        if self.tls is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=5 * PATIENCE)
        else:
            connection = http.client.HTTPSConnection("127.0.0.1", self.http_port, timeout=5 * PATIENCE, context=self.tls)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def metrics(self):
        """Each sample by its name with labels, as `name{a="b"}`."""
        samples = {}
        for line in self.get("/metrics")[1].splitlines():
            match = re.match(r"([a-z_0-9]+(?:\{.*\})?) (\S+)", line)
            if match:
                samples[match[1]] = float(match[2])
        return samples

    def metric(self, name, **labels):
        """The sum of all samples of that name that have these labels."""
        total = 0.0
        for sample, value in self.metrics().items():
            if re.split(r"[{ ]", sample)[0] != name:
                continue
            if all(f'{key}="{wanted}"' in sample for key, wanted in labels.items()):
                total += value
        return total

    def descriptors(self):
        """Open descriptors but for UDP sockets: pairs of media ports stay bound on purpose, a gauge counts their use."""
        folder = Path(f"/proc/{self.process.pid}/fd")
        udp = {line.split()[9] for line in Path("/proc/net/udp").read_text().splitlines()[1:]}
        count = 0
        for entry in folder.iterdir():
            try:
                target = os.readlink(entry)
            except OSError:
                continue  # closed meanwhile
            count += target.removeprefix("socket:[").rstrip("]") not in udp
        return count

    def in_use(self):
        """What must be nothing when no call is up."""
        metrics = self.metrics()
        return {name: metrics.get(name, 0.0) for name in IN_USE}

    def wait_idle(self, timeout=5 * PATIENCE):
        """Until no call, leg or port is left, or AssertionError says what is."""
        return until(lambda: not any(self.in_use().values()), timeout, f"an idle server: {self.in_use()}")
