"""The command line: what an administrator types, and what it says and returns."""
import socket
import subprocess

from harness import sanitizer
from harness.config import config_text
from harness.ports import free_port, media_ports
from harness.server import BINARY, ROOT
from harness.waiting import PATIENCE


def patchbay(*arguments):
    run = subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, timeout=20 * PATIENCE)
    sanitizer.check(run.returncode, "patchbay", run.stderr)
    return run


def written(folder, http_port, changes=None):
    file = folder / "patchbay.yaml"
    file.write_text(config_text(folder, free_port(), http_port, media_ports(), free_port("127.0.0.3"), changes or {}))
    return file


def test_the_demo_file_has_no_problems():
    run = patchbay("check", "--config", ROOT / "config/demo.yaml")
    assert run.returncode == 0, run.stderr


def test_a_wrong_file_is_explained_with_its_line(tmp_path):
    file = tmp_path / "wrong.yaml"
    file.write_text("sip:\n  udp: nowhere\ndomains:\n  a.test: {}\n")
    for command in ("check", "serve"):
        run = patchbay(command, "--config", file)
        assert run.returncode == 78
        assert f"{file}:2: sip.udp: expected address:port" in run.stderr


def test_a_missing_file_is_named():
    run = patchbay("check", "--config", "/nowhere.yaml")
    assert run.returncode == 78
    assert "/nowhere.yaml: cannot be read" in run.stderr


def test_wrong_usage():
    assert patchbay().returncode == 2
    assert patchbay("serve").returncode == 2
    assert patchbay("dance").returncode == 2


def test_help_and_version():
    assert patchbay("--help").returncode == 0
    run = patchbay("--version")
    assert (run.returncode, run.stdout.startswith("patchbay ")) == (0, True)


def test_the_sample_is_a_file_that_check_takes(tmp_path):
    file = tmp_path / "sample.yaml"
    file.write_text(patchbay("reference", "--sample").stdout)
    assert patchbay("check", "--config", file).returncode == 0


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = patchbay("serve", "--config", written(tmp_path, port))
    assert run.returncode == 1
    assert str(port) in run.stderr
