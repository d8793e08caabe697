"""sipp, with a scenario file."""
import subprocess
from pathlib import Path

from .config import DOMAIN, password
from .ports import free_port
from .waiting import PATIENCE

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


class Sipp:
    """One run of a scenario. `keys` become [name] in it; [domain], [user] and [password] are there already."""

    def __init__(self, scenario, server, folder, user="201", calls=1, service="101", timeout=20, options=(),
                 auth_uri=None, **keys):
        self.folder = Path(folder)
        self.port = free_port()
        self.name = f"sipp-{scenario}-{self.port}"
        named = {"domain": DOMAIN, "user": user, "password": password(user), **keys}
        command = ["sipp", server, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", "127.0.0.1", "-p", str(self.port),
                   "-m", str(calls), "-s", service, "-au", user, "-ap", password(user),
                   "-auth_uri", auth_uri or f"{service}@{DOMAIN}", "-timeout", f"{int(timeout * PATIENCE)}s", "-timeout_error",
                   "-nostdin", "-trace_err", "-error_file", str(self.folder / f"{self.name}.err"), "-trace_msg",
                   "-message_file", str(self.folder / f"{self.name}.msg")]
        for key, value in named.items():
            command += ["-key", key, value]
        self.log = (self.folder / f"{self.name}.log").open("wb")
        self.process = subprocess.Popen([*command, *options], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT, cwd=self.folder)

    def messages(self):
        file = self.folder / f"{self.name}.msg"
        return file.read_text(errors="replace") if file.exists() else ""

    def result(self, timeout=25):
        """The exit code: 0 when every call went as the scenario says."""
        try:
            return self.process.wait(timeout * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return -1
        finally:
            self.log.close()

    def went_well(self, timeout=25):
        code = self.result(timeout)
        errors = self.folder / f"{self.name}.err"
        text = errors.read_text(errors="replace") if errors.exists() else ""
        assert code == 0, f"sipp ended with {code}: {text}\n{self.messages()[-4000:]}"

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
