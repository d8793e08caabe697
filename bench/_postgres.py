"""A PostgreSQL server for benchmarks, its data kept in a folder between runs. As root it runs as the user postgres."""
import os
import pathlib
import pwd
import subprocess
import tempfile

from _measure import ahead_of_others, server_core, wait_until


# As PostgreSQL's manual advises for a machine of its own.
quarter_of_memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 4 // 2**20


class Postgres:
    """On the server's core, on a unix socket. `url`: of its database. No parallel workers: they would wait for each other
    on that core."""

    def __init__(self, folder):
        self.programs = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.data = folder / "postgres"
        self.socket = tempfile.mkdtemp(prefix="patchbay-postgres-", dir="/tmp")
        self.user = {}
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            self.user = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
            os.chown(self.socket, postgres.pw_uid, postgres.pw_gid)
        self.url = f"postgresql:///postgres?user=bench&host={self.socket}"

    def __enter__(self):
        if not (self.data / "PG_VERSION").exists():
            self.data.mkdir(parents=True, exist_ok=True)
            if self.user:
                os.chown(self.data, self.user["user"], self.user["group"])
            subprocess.run([self.programs / "initdb", "-D", self.data, "-A", "trust", "-U", "bench", "-E", "UTF8",
                            "--locale=C", "--no-instructions"], check=True, stdout=subprocess.DEVNULL, cwd="/", **self.user)
        self.child = subprocess.Popen(
            ["taskset", "-c", server_core, self.programs / "postgres", "-D", self.data, "-k", self.socket, "-c",
             "listen_addresses=", "-c", "unix_socket_permissions=0777", "-c", f"shared_buffers={quarter_of_memory}MB", "-c",
             "max_wal_size=8GB", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_parallel_workers=0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self.user)
        ready = [self.programs / "pg_isready", "-q", "-h", self.socket]
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, 60, otherwise=lambda: "PostgreSQL is not up")
        return self

    def put_ahead(self, ahead):
        """Whether who connects from now on is served before all other work of the machine, where that is allowed."""
        if ahead_of_others:
            policy = ["--rr", "-p", "1"] if ahead else ["--other", "-p", "0"]
            subprocess.run(["chrt", *policy, str(self.child.pid)], check=True)

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()
        os.rmdir(self.socket)
