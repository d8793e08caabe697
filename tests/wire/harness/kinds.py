"""Phones of every kind of audio, and a server with three numbers for each pair of kinds."""
from .config import password
from .robot import Robot

KINDS = {
    "PCMA": {"codecs": "PCMA"},
    "PCMU": {"codecs": "PCMU"},
    "G722": {"codecs": "G722"},
    "opus": {"codecs": "opus"},
    "opus+dtls": {"codecs": "opus", "srtp": "dtls", "rtcp_mux": True},
}
PAIRS = [(a, b) for i, a in enumerate(KINDS) for b in list(KINDS)[i:]]


def numbers(pair):
    """Of the customer, the operator and the third of that pair."""
    place = PAIRS.index(pair)
    return f"3{place:02}", f"4{place:02}", f"5{place:02}"


def domain():
    """Settings that have all of these numbers: who only takes DTLS is offered it."""
    extensions, operators = [], []
    for pair in PAIRS:
        kinds = (pair[0], pair[1], pair[0])
        for number, kind in zip(numbers(pair), kinds):
            extensions.append({"id": int(number), "number": number, "name": kind, "password": password(number),
                               "srtp": "required" if "dtls" in kind else None})
        operator = numbers(pair)[1]
        operators.append({"id": operator, "name": operator, "password": password(operator), "number": operator,
                          "group": "sales"})
    return {"demo.local": {"extensions": extensions, "operators": operators, "trunks": []}}


def direct(caller, callee, ending, **options):
    """Two phones of these kinds that talk to each other without any server."""
    b = Robot("701", "127.0.0.1:9", answer_after=0, **KINDS[callee], **options)
    ending.append(b)
    a = Robot("700", b.sip, **KINDS[caller], **options)
    ending.append(a)
    a.call("701")
    a.wait("answered")
    b.wait("connected")
    return a, b
