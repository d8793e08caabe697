"""What script/server --traffic runs: a demo domain with life in it."""
import signal
import subprocess

from harness.ecss import Ecss
from harness.robot import BINARY
from harness.waiting import PATIENCE, until


def test_phones_call_each_other_and_leave_in_order(server, ending, phones):
    process = subprocess.Popen(
        [BINARY, "--phones", "4", "--user", "101", "--password", "demo{user}", "--register", "--traffic", "--tone", "425",
         "--talk", "1", "--pause", "0.3", "--server", server.sip], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        supervisor = Ecss(server, "105")
        ending.append(supervisor)
        before = server.metric("patchbay_call_ends_total")
        until(lambda: supervisor.conversations("101"), 15, "101 to be in a call")
        until(lambda: server.metric("patchbay_call_ends_total") >= before + 3, 25, "three calls to have ended")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10 * PATIENCE) == 0
    server.wait_idle()
    caller = phones("201")
    caller.call("104")
    caller.wait("ended", status=480)  # it has unregistered
