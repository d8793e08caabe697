#!/usr/bin/env python3
"""Checks the walls: a room of src/ includes only rooms named before it in docs/architecture.md, and no dialect
knows another."""
import pathlib
import re
import sys

top = pathlib.Path(__file__).resolve().parent.parent
dialects = {"ecss", "ringme", "api"}


def room_order():
    """The rooms in the order of the table in docs/architecture.md."""
    order = []
    for line in (top / "docs/architecture.md").read_text().splitlines():
        if line.startswith("| `"):
            order += re.findall(r"`(\w+)/`", line.split("|")[1])
    return order


def breaches(order):
    for path in sorted((top / "src").rglob("*.[ch]pp")):
        room = path.relative_to(top / "src").parts[0]
        if room not in order:
            yield f"{path.relative_to(top)}: the room {room}/ is not in docs/architecture.md"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'#include "(\w+)/', line)
            if not found or found[1] == room:
                continue
            other = found[1]
            place = f"{path.relative_to(top)}:{number}"
            if other not in order or order.index(other) > order.index(room):
                yield f"{place}: {room}/ may not include {other}/, which is not named before it"
            elif room in dialects and other in dialects:
                yield f"{place}: the dialect {room}/ may not know {other}/"


found = list(breaches(room_order()))
print("\n".join(found) if found else "walls: every room includes only rooms before it")
sys.exit(1 if found else 0)
