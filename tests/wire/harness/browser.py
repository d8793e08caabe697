"""A headless Chromium with one page: a phone on a browser's SIP library, driven over the DevTools protocol."""
import fcntl
import http.client
import http.server
import itertools
import json
import math
import os
import shutil
import signal
import struct
import subprocess
import threading
import wave
from pathlib import Path

import pytest

from .config import DOMAIN, password
from .waiting import PATIENCE, until
from .websocket import Closed, WebSocket

PAGE = Path(__file__).resolve().parents[1] / "browser"
LIBRARY = PAGE / "node_modules/sip.js/lib"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-extensions",
         "--ignore-certificate-errors", "--autoplay-policy=no-user-gesture-required", "--remote-debugging-port=0",
         "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]


def fetch_library():
    """SIP.js from npm, of the version and checksum in package-lock.json; by one test process for all.

    Where npm's registry cannot be reached the tests that need it are skipped, and say so."""
    with (PAGE / "package-lock.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if LIBRARY.exists():
            return
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--fetch-timeout=20000"]
        try:
            fetched = subprocess.run(command, cwd=PAGE, capture_output=True, text=True, timeout=60)
        except subprocess.TimeoutExpired:
            pytest.skip("SIP.js could not be fetched from npm within a minute")
        if fetched.returncode != 0:
            pytest.skip(f"SIP.js could not be fetched from npm: {fetched.stderr.strip()[:300]}")


def write_tone(path, hertz, rate=48000):
    """One second of the tone; whole periods, so that it can be repeated."""
    samples = [int(8000 * math.sin(2 * math.pi * hertz * i / rate)) for i in range(rate)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack(f"<{rate}h", *samples))


class _Pages(http.server.SimpleHTTPRequestHandler):
    extensions_map = {"": "application/octet-stream", ".html": "text/html", ".js": "text/javascript"}

    def translate_path(self, path):
        path = path.split("?")[0]
        if path.startswith("/sip.js/"):
            return str(LIBRARY / path.removeprefix("/sip.js/"))
        return str(PAGE / path.lstrip("/"))

    def log_message(self, *_):
        pass


class Browser:
    """`tone`: what its fake microphone hears."""

    def __init__(self, folder, tone):
        fetch_library()
        self.tone, self.ids = tone, itertools.count(1)
        self.pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
        threading.Thread(target=self.pages.serve_forever, daemon=True).start()
        self.profile = folder / "chromium"
        write_tone(folder / "tone.wav", tone)
        self.log = (folder / "chromium.log").open("wb")
        self.process = subprocess.Popen(
            ["chromium", *FLAGS, f"--user-data-dir={self.profile}",
             f"--use-file-for-fake-audio-capture={folder / 'tone.wav'}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)
        self.socket = self._attach()
        url = f"http://127.0.0.1:{self.pages.server_port}/phone.html"
        self.command("Page.navigate", url=url)
        until(lambda: self.evaluate("'phone' in window"), 120, "the page to load")

    def __repr__(self):
        return "the browser"

    def _attach(self):
        """A DevTools connection to the first page."""
        file = self.profile / "DevToolsActivePort"
        until(lambda: file.exists() and file.read_text().count("\n"), 120, "Chromium to start")
        port = int(file.read_text().splitlines()[0])

        def page():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10 * PATIENCE)
            connection.request("GET", "/json/list")
            targets = json.loads(connection.getresponse().read())
            connection.close()
            return next((t for t in targets if t["type"] == "page"), None)

        path = until(page, 60, "a page of Chromium")["webSocketDebuggerUrl"].split(str(port), 1)[1]
        return WebSocket("127.0.0.1", port, path)

    def command(self, method, timeout=60, **parameters):
        ident = next(self.ids)
        self.socket.send_text(json.dumps({"id": ident, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.receive_text(timeout))
            if answer.get("id") == ident:
                assert "error" not in answer, answer
                return answer["result"]

    def evaluate(self, expression, timeout=60):
        """The value of a JavaScript expression; of a promise, when it is fulfilled."""
        result = self.command("Runtime.evaluate", timeout, expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def register(self, server, number):
        scheme = "ws" if server.tls is None else "wss"
        url = f"{scheme}://127.0.0.1:{server.http_port}/sip"
        state = self.evaluate(f"phone.register('{url}', '{number}', '{DOMAIN}', '{password(number)}')")
        assert state == "Registered", state

    def call(self, number):
        state = self.evaluate(f"phone.call('sip:{number}@{DOMAIN}')")
        assert state == "Established", state

    def hears(self, source, timeout=60):
        """Waits until the loudest sound is that robot's tone."""
        def right():
            heard = self.evaluate("phone.heard()")
            return heard["level"] > -50 and abs(heard["hertz"] - source.tone) < 25
        until(right, timeout, f"the browser to hear {source.tone} Hz; it hears {self.evaluate('phone.heard()')}")

    def close(self):
        if self.process.poll() is not None and self.log.closed:
            return
        try:
            self.command("Browser.close", 5)
        except (Closed, OSError, TimeoutError, AssertionError):
            pass
        self.socket.close()
        try:
            self.process.wait(10 * PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.pages.shutdown()
        self.pages.server_close()
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)
