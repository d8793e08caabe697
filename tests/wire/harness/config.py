"""The domain that the tests serve: customers, operators, a supervisor, a trunk. YAML is a superset of JSON."""
import copy
import json

DOMAIN = "demo.local"
PREFIX = "1000"
TRUNK_ADDRESS = "127.0.0.3"
OUTSIDE_NUMBER = "+73832001010"

# number: (name, group, supervisor); a group of None has no operator: a customer.
PEOPLE = {
    "101": ("Анна", "sales", False),
    "102": ("Борис", "sales", False),
    "103": ("Вера", "sales", False),
    "104": ("Глеб", "sales", False),
    "105": ("Дарья", "sales", True),
    "106": ("Егор", "support", False),
    "201": ("Customer One", None, False),
    "202": ('Customer <Two> & "Co"', None, False),  # every character that some format must escape
}


def password(number):
    return "demo" + number


def _domain(trunk_port):
    return {
        "prefix": PREFIX,
        "extensions": [
            {"id": int(number), "number": number, "name": name, "password": password(number)}
            for number, (name, _, _) in PEOPLE.items()
        ],
        "operators": [
            {"id": number, "name": name, "password": password(number), "number": number, "group": group,
             "supervisor": supervisor}
            for number, (name, group, supervisor) in PEOPLE.items() if group
        ],
        "trunks": [{
            "name": "provider", "host": TRUNK_ADDRESS, "port": trunk_port,
            "inbound": {"addresses": [TRUNK_ADDRESS], "numbers": {OUTSIDE_NUMBER: "101"}},
            "outbound": [{"prefix": "9", "strip": 1, "caller_id": "+73832001099"}],
        }],
        "applications": [
            {"id": "crm", "secret": "crm-secret", "scope": "all"},
            {"id": "calls", "secret": "calls-secret", "scope": "call_api"},
            {"id": "limited", "secret": "limited-secret", "rate_limit": 3},
            {"id": "modest", "secret": "modest-secret", "may_supervise": False},
        ],
    }


def _merge(base, changes):
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value
    return base


def config_text(folder, sip_port, http_port, media_ports, trunk_port, changes):
    """The configuration file's text. `changes` are merged in."""
    config = {
        "node": {"name": "test", "data": str(folder / "data"), "log_level": "debug", "drain_timeout": 1},
        "sip": {"udp": f"127.0.0.1:{sip_port}", "tcp": f"127.0.0.1:{sip_port}"},
        "media": {"address": "127.0.0.1", "ports": media_ports, "threads": 1,
                  "recordings": str(folder / "recordings")},
        "http": {"listen": f"127.0.0.1:{http_port}"},
        "storage": {"url": f"sqlite:{folder}/patchbay.db"},
        "calls": {"transfer_timeout": 30, "park_timeout": 30},
        "domains": {DOMAIN: _domain(trunk_port)},
    }
    return json.dumps(_merge(config, copy.deepcopy(changes)), ensure_ascii=False, indent=1)
