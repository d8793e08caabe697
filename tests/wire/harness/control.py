"""The commands of the audio table, said in each dialect that has them, so that one test serves all."""
from .ecss import Ecss, EcssSocket
from .ringme import Ringme

ECSS_COMMANDS = {"hold", "retrieve", "transfer", "join", "whisper", "conference"}
RINGME_COMMANDS = {"hold", "retrieve", "transfer", "attended_transfer", "whisper", "conference", "eavesdrop", "park",
                   "pickup", "clear"}


class EcssControl:
    """One operator's desk. Every verb answers True when accepted; .why says why not."""

    commands = ECSS_COMMANDS

    def __init__(self, client):
        self.client = client
        self.why = None

    def leg(self, number, **wanted):
        """The id of the conversation of the operator at that number."""
        assert number == self.client.operator
        return self.client.conversation(**wanted)["id"]

    def _do(self, command, **attributes):
        answer = self.client.command(command, **attributes)
        self.why = None if answer.ok else answer.reason
        assert answer.ok or (answer.status == 403 and answer.error["cmd"] == command), answer.raw
        return answer.ok

    def hold(self, leg):
        return self._do("call_hold", conversation_id=leg)

    def retrieve(self, leg):
        return self._do("call_unhold", conversation_id=leg)

    def transfer(self, leg, to):
        return self._do("call_unattended_transfer", conversation_id=leg, to_number=to)

    def join(self, leg, other):
        return self._do("call_unattended_transfer", original_conversation_id=leg, destination_conversation_id=other)

    def whisper(self, leg, to):
        return self._do("call_consult", conversation_id=leg, to_number=to, mode="consult")

    def conference(self, leg, to):
        return self._do("call_consult", conversation_id=leg, to_number=to, mode="conference")

    def close(self):
        self.client.close()


class RingmeControl:
    """A CRM's view of one extension."""

    commands = RINGME_COMMANDS

    def __init__(self, client, number):
        self.client, self.number = client, number
        self.why = None
        self.reply = None

    def leg(self, number, **wanted):
        assert number == self.number
        condition = (lambda call: call["caller_id_number"] == wanted["remote_digits"]
                     or call["called_number"] == wanted["remote_digits"]) if "remote_digits" in wanted \
            else lambda call: True
        return self.client.call(number, condition=condition)["call_api_id"]

    def _do(self, action, leg, send_dst=None):
        self.reply = self.client.put(self.number, leg, action, send_dst)
        self.why = None if self.reply.status == 200 else self.reply.body["status"]
        return self.reply.status == 200

    def hold(self, leg):
        return self._do("hold", leg)

    def retrieve(self, leg):
        return self._do("offhold", leg)

    def park(self, leg):
        return self._do("park", leg)

    def clear(self, leg):
        return self.client.delete(self.number, leg).status == 204

    def close(self):
        self.client.close()

    def __getattr__(self, action):
        if action not in RINGME_COMMANDS:
            raise AttributeError(action)
        return lambda leg, to: self._do(action, leg, to)


def control(dialect, server, number):
    """xml, frames or ringme, for the operator (and extension) of that number."""
    if dialect == "xml":
        return EcssControl(Ecss(server, number))
    if dialect == "frames":
        return EcssControl(EcssSocket(server, number))
    return RingmeControl(Ringme(server), number)


__all__ = ["control", "ECSS_COMMANDS", "RINGME_COMMANDS"]
