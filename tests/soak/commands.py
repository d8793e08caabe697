"""Clients of both dialects that give random commands about random calls, each in a thread of its own."""
import random
import threading
import time
from http.client import HTTPException

from harness.ecss import Ecss, EcssSocket
from harness.ringme import Ringme
from harness.websocket import Closed, Refused

RINGME_ACTIONS = ["transfer", "attended_transfer", "eavesdrop", "whisper", "conference", "hold", "hold", "offhold", "offhold",
                  "park", "pickup"]


def ecss_command(client, chance, ident, others, to):
    """One random command about conversation `ident`; `others` are ids of the same operator. (name, answer)."""
    about = {"conversation_id": ident}
    other = chance.choice(others)
    participant = {"number": to} if chance.random() < .7 else {"conversation_id": other}
    tree = ("add_to_conference", {}, [("participants", {"conference_id": ident}, [("participant", participant, [])])])
    commands = {
        "transfer": lambda: client.command("call_unattended_transfer", to_number=to, **about),
        "join": lambda: client.command("call_unattended_transfer", destination_conversation_id=other, **about),
        "consult": lambda: client.command("call_consult", to_number=to, **about),
        "conference": lambda: client.command("call_consult", to_number=to, mode="conference", **about),
        "attended_transfer": lambda: client.command("call_attended_transfer", to_number=to, **about),
        "complete_transfer": lambda: client.command("call_attended_transfer", **about),
        "supervise": lambda: client.command("call_supervise", mode=chance.choice(["observing", "consult", "conference"]),
                                            **about),
        "add": lambda: client.nodes("add_participant", tree),
        "remove": lambda: client.command("remove_participant", conference_id=ident, participant_id=other),
        "queue": lambda: client.command("move_conversation_to_queue", queue_id="soak", **about),
        "record": lambda: client.command("call_record", action=chance.choice(["start", "stop", "pause", "mask", "resume"]),
                                         **about),
    }
    plain = ["call_hold", "call_hold", "call_unhold", "call_unhold", "call_release", "call_accept", "call_reject"]
    name = chance.choice([*commands, *plain])
    return name, commands[name]() if name in commands else client.command(name, **about)


class Commander(threading.Thread):
    """Until stop() is set: one client after the other, each for some commands."""

    def __init__(self, server, kind, agents, targets, stop, counts, seed):
        super().__init__(daemon=True)
        self.server, self.kind, self.agents, self.targets = server, kind, agents, targets
        self.over, self.counts, self.chance = stop, counts, random.Random(f"{seed} {kind}")

    def run(self):
        while not self.over.is_set():
            try:
                {"ringme": self.ringme, "xml": self.xml, "frames": self.frames}[self.kind]()
            except (OSError, AssertionError, HTTPException, Closed, Refused) as fault:
                self.counts[f"{self.kind}: {fault!r}"[:120]] += 1

    def commands(self, most):
        """Goes on for at most so many commands."""
        for _ in range(self.chance.randrange(5, most)):
            if self.over.wait(.15):
                return
            yield self.chance.choice(self.targets)

    def count(self, name, status):
        self.counts[f"{self.kind} {name} {status}"] += 1

    def ringme(self):
        client = Ringme(self.server)
        for to in self.commands(500):
            calls = client.list_client()
            for call in self.chance.sample(calls, min(3, len(calls))):
                if self.chance.random() < .06:
                    self.count("delete", client.delete(call["extension_id"], call["call_api_id"]).status)
                    continue
                action = self.chance.choice(RINGME_ACTIONS)
                self.count(action, client.put(call["extension_id"], call["call_api_id"], action, to).status)
        client.close()

    def xml(self):
        self.ecss(Ecss(self.server, self.chance.choice(self.agents)))

    def frames(self):
        self.ecss(EcssSocket(self.server, self.chance.choice(self.agents)))

    def ecss(self, client):
        if client.command("login_agent").ok:
            client.ask("make_available")
        for to in self.commands(60):
            own = [each["id"] for each in client.conversations()]
            if own:
                name, answer = ecss_command(client, self.chance, self.chance.choice(own), own, to)
            else:
                name, answer = "make_call", client.command("make_call", to_number=to)
            self.count(name, answer.status)
        client.close()


def start(server, agents, targets, counts, seed):
    """Starts some of each kind. Returns a function that ends them."""
    stop = threading.Event()
    threads = [Commander(server, kind, agents, targets, stop, counts, f"{seed} {i}")
               for i in range(2) for kind in ("ringme", "xml", "frames")]
    for thread in threads:
        thread.start()

    def end():
        stop.set()
        deadline = time.monotonic() + 60
        for thread in threads:
            thread.join(max(deadline - time.monotonic(), 0))
            assert not thread.is_alive(), f"{thread.kind} hangs in a request"
    return end
