"""A PostgreSQL server of a test's own, on a unix socket in its folder. It runs as the user postgres when tests run as root."""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .waiting import until


class Postgres:
    """Started when made; stop() and start() take it away and bring it back with its data, end() removes it."""

    def __init__(self):
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.folder = Path(tempfile.mkdtemp(prefix="patchbay-postgres-", dir="/tmp"))  # a socket's path must be short
        self.user = {}
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self.folder, postgres.pw_uid, postgres.pw_gid)
            self.user = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
        self.process = None
        self._run("initdb", "-D", self.folder / "data", "-A", "trust", "-N", "-U", "tests", "-E", "UTF8", "--locale=C")
        self.start()

    @property
    def url(self):
        return f"postgresql:///postgres?user=tests&host={self.folder}"

    def _run(self, program, *arguments):
        done = subprocess.run([self.programs / program, *map(str, arguments)], cwd=self.folder, capture_output=True,
                              text=True, check=False, **self.user)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def sql(self, text):
        """One statement; its rows as psql prints them unaligned."""
        return self._run("psql", "-XAtq", "-d", self.url, "-c", text).strip()

    def start(self):
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=",
             "-c", "fsync=off", "-c", "unix_socket_permissions=0777", "-c", "shared_buffers=16MB"],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.user)
        ready = [self.programs / "pg_isready", "-q", "-h", self.folder]
        until(lambda: subprocess.run(ready, check=False).returncode == 0, 60, "PostgreSQL to take connections")

    def stop(self):
        """Ends every connection and the server."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.process = None

    def end(self):
        if self.process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
