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
    for arguments, words in (((), "A command is needed"), (("serve",), "--config is required"), (("dance",), "dance"),
                             (("check", "--config", "a", "b"), "b")):
        run = patchbay(*arguments)
        assert run.returncode == 2
        assert words in run.stderr


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
    assert f"http.listen: cannot listen on 127.0.0.1 port {port}: Address already in use" in run.stderr


def test_what_is_not_there_is_named(tmp_path):
    for changes, words in (({"media": {"address": "203.0.113.9"}}, "media.address: 203.0.113.9: "),
                           ({"sip": {"udp": "203.0.113.9:5060"}}, "sip.udp: cannot listen on 203.0.113.9 port 5060: "),
                           ({"node": {"data": "/dev/null/data"}}, "/dev/null/data")):
        run = patchbay("serve", "--config", written(tmp_path, free_port(), changes))
        assert run.returncode == 1
        assert words in run.stderr


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "patchbay.db").write_text("no database " * 1000)
    run = patchbay("serve", "--config", written(tmp_path, free_port()))
    assert run.returncode == 1
    assert f"history: {tmp_path}/patchbay.db: file is not a database" in run.stderr


def test_a_folder_instead_of_a_file_is_said(tmp_path):
    run = patchbay("check", "--config", tmp_path)
    assert run.returncode == 78
    assert f"{tmp_path}: is a folder, expected a file" in run.stderr


def test_a_second_server_at_a_sqlite_database_is_refused(server, tmp_path):
    database = server.folder / "patchbay.db"
    run = patchbay("serve", "--config", written(tmp_path, free_port(), {"storage": {"url": f"sqlite:{database}"}}))
    assert run.returncode == 1
    assert f"history: {database} is in use by another server: one SQLite database takes one server" in run.stderr
