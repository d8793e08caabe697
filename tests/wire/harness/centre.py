"""A call centre: a server with queues, and phones whose operators log in by feature code."""
import base64

from .config import DOMAIN, password


def queue(**changes):
    return {"id": "sales", "number": "600", "operators": ["101", "102"], "strategy": "top_down", "ring_time": 30,
            "on_missed": "none", "on_rejected": "none"} | changes


def dial(phone, code):
    """Dials a feature code, which is answered for a moment when it is done."""
    call = phone.call(code)
    phone.wait("answered", call=call)
    phone.wait("ended", call=call, by="remote")
    phone.forget(call)  # a queue may ring the phone by now


class Centre:
    """`server` has the queues; phones come from `phones`."""

    def __init__(self, own_server, phones_at, queues, media=None, **domain):
        self.server = own_server(media=media or {}, domains={DOMAIN: {"queues": list(queues) or [queue()], **domain}})
        self.phones = phones_at(self.server)

    def operator(self, number, at=None, **options):
        """A phone, the operator's own unless told otherwise, at which the operator is logged in."""
        phone = self.phones(at or number, **options)
        dial(phone, f"*160*{number}*{password(number)}")
        return phone

    def waiting(self, name="sales"):
        return self.server.metric("patchbay_acd_waiting", queue=name)

    def figures(self, operator="105", what="queues"):
        secret = base64.b64encode(f"{operator}:{password(operator)}".encode()).decode()
        return self.server.get(f"/{DOMAIN}/statistics/{what}.csv", {"Authorization": f"Basic {secret}"})

    def totals(self):
        """The queue's figures for all the time since the start."""
        lines = [line.split(",") for line in self.figures()[1].split("\r\n") if line]
        return dict(zip(lines[0], lines[-1]))
