"""What a test asks of any phone, be it a robot or baresip: so that one row of a table serves both."""
from .baresip import Baresip
from .robot import audio


def hear(rows, timeout=8000):
    """audio() for phones of both kinds: until each hears exactly its sources."""
    audio({phone: sources for phone, sources in rows.items() if not isinstance(phone, Baresip)}, timeout)
    for phone, sources in rows.items():
        if isinstance(phone, Baresip):
            phone.hears(*sources, timeout=timeout / 1000)


def dial(phone, number):
    """Calls, and waits until the call is answered."""
    phone.call(number)
    answered(phone)


def answered(phone):
    """Waits until a call it made was answered."""
    phone.wait("CALL_ESTABLISHED" if isinstance(phone, Baresip) else "answered")


def hang_up(phone):
    if isinstance(phone, Baresip):
        phone.hangup()
    else:
        phone.do("hangup")


def over(phone, timeout=12):
    """Waits until its call has ended."""
    phone.wait("CALL_CLOSED" if isinstance(phone, Baresip) else "ended", timeout=timeout)


def rung(phone, timeout=12):
    """Waits until it is rung; a baresip that answers by itself says only that it has answered."""
    if isinstance(phone, Baresip):
        phone.wait("CALL_ESTABLISHED" if phone.answers else "CALL_INCOMING", timeout=timeout)
    else:
        phone.wait("incoming", timeout=timeout)
