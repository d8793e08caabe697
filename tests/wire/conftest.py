"""Fixtures: one server for each test process, phones that are gone after each test, and the check that nothing stays."""
import itertools
import subprocess

import pytest

from harness.baresip import Baresip
from harness.centre import Centre
from harness.control import control
from harness.robot import TONES, Robot
from harness.server import Server
from harness.sipp import Sipp
from harness.waiting import until


READERS = 12  # descriptors


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server")).start()
    yield server
    server.close()


@pytest.fixture
def server(shared_server):
    """The process's server, idle before and after: no call, leg, port or descriptor of a test outlives it."""
    if not shared_server.alive():
        shared_server.close()
        shared_server.start()
    shared_server.wait_idle(10)
    yield shared_server
    if not shared_server.alive():
        shared_server.close()
        raise AssertionError("the server died:\n" + shared_server.log())
    try:
        shared_server.wait_idle(10)
        until(lambda: not shared_server.metric("patchbay_sip_registered_numbers"), 5, "every phone to be unregistered")
    except AssertionError as error:
        log = shared_server.log()
        shared_server.kill()  # the next test begins with a fresh one
        raise AssertionError(f"after the test: {error}\n{log}") from None
    # The store opens its readers once, when they are needed; nothing else may grow from test to test.
    until(lambda: shared_server.descriptors() <= shared_server.descriptors_at_start + READERS, 5,
          "descriptors to be closed")


@pytest.fixture
def own_server(tmp_path):
    """Makes servers with changes to the configuration, for this test alone."""
    servers = []

    def make(https=None, **changes):
        server = Server(tmp_path, changes)
        server.tls = https
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    files = {"certificate": str(folder / "cert.pem"), "key": str(folder / "key.pem")}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", files["key"],
                    "-out", files["certificate"]], check=True, capture_output=True)
    return files


@pytest.fixture
def ending():
    """Things with an end() or close(), ended after the test in the reverse order."""
    things = []
    yield things
    for thing in things:
        if isinstance(thing, Robot):
            thing.leave()  # all at once: leaving takes longer when the server is gone
    for thing in reversed(things):
        (getattr(thing, "end", None) or thing.close)()


class Phones:
    """Makes robots at a server, each with a tone of its own, registered unless told otherwise."""

    def __init__(self, server, ending):
        self.server, self.ending, self.tones = server, ending, itertools.cycle(TONES)

    def __call__(self, number, registered=True, **options):
        options.setdefault("tone", next(self.tones))
        robot = Robot(number, options.pop("server", self.server.sip), **options)
        self.ending.append(robot)
        return robot.register() if registered else robot

    def talking(self, caller, callee, to=None, **fields):
        """caller calls callee, who answers by itself or is told to; returns caller's number of the call."""
        call = caller.call(to or callee.number, **fields)
        caller.wait("ringing", call=call)
        incoming = callee.wait("incoming")["call"]
        if not callee.facts("answered", call=incoming) and callee.manual:
            callee.do("answer", call=incoming)
        caller.wait("answered", call=call)
        callee.wait("connected", call=incoming)
        return call


@pytest.fixture
def phones_at(ending):
    """phones_at(server) makes phones at another server than the usual one."""
    return lambda server: Phones(server, ending)


@pytest.fixture
def phones(server, ending):
    return Phones(server, ending)


@pytest.fixture
def desk(server, ending):
    """desk(dialect, number): the commands of the audio table in that dialect, at the usual server or another one."""
    def make(dialect, number, at=None):
        made = control(dialect, at or server, number)
        ending.append(made)
        return made
    return make


@pytest.fixture
def centre(own_server, phones_at):
    """centre(queues..., media={}, **settings of the domain): a call centre of its own."""
    return lambda *queues, **domain: Centre(own_server, phones_at, queues, **domain)


@pytest.fixture
def baresip(server, ending, tmp_path):
    def make(number, **options):
        phone = Baresip(number, server.sip, tmp_path, **options)
        ending.append(phone)
        phone.registered()
        return phone
    return make


@pytest.fixture
def sipp(server, ending, tmp_path):
    def make(scenario, **options):
        run = Sipp(scenario, server.sip, tmp_path, **options)
        ending.append(run)
        return run
    return make
