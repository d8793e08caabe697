"""Patchbay as the benchmarks run it: journal and history on, one trunk known by its address, one extension."""
import hashlib
import re
import socket
import urllib.request

from _measure import Process, free_port, server_core, top, wait_until

config = """
node:    {{ name: bench, data: {data}, log_level: warning }}
sip:     {{ udp: 127.0.0.1:{sip}, tcp: null }}
media:   {{ address: 127.0.0.1, ports: 10000-31999, recordings: {data}/recordings{media} }}
http:    {{ listen: 127.0.0.1:{http} }}
storage: {{ url: "sqlite:{data}/patchbay.db" }}
domains:
  bench.local:
    extensions: [ {extensions} ]
    operators:  [ {operators} ]
    trunks:
      - {{ name: generator, host: 127.0.0.1, port: {trunk}, inbound: {{ addresses: ["127.0.0.1"], numbers: {{ {dialled} }} }} }}
"""


def people(numbers, record):
    """The settings of one operator at each number, reached from outside by its number."""
    return {"extensions": ", ".join(f'{{ id: {n}, number: "{number}", password: secret, record: {record} }}'
                                    for n, number in enumerate(numbers.values(), 1)),
            "operators": ", ".join(f'{{ id: "{number}", password: secret, number: "{number}", group: bench }}'
                                   for number in numbers.values()),
            "dialled": ", ".join(f'"{outside}": "{number}"' for outside, number in numbers.items())}


class Patchbay(Process):
    """The real server on core 0. `sip`, `http`: its ports. `numbers`: from outside to the extension; `media`: more of
    its settings."""

    def __init__(self, folder, media="", numbers=None, record=False):
        self.sip, self.http = free_port(), free_port(socket.SOCK_STREAM)
        file = folder / "config.yaml"
        file.write_text(config.format(data=folder / "data", media=media, sip=self.sip, http=self.http, trunk=free_port(),
                                      **people(numbers or {"1000": "101"}, str(record).lower())))
        super().__init__([top / "build/release/patchbay", "serve", "--config", file], server_core)
        wait_until(self.ready)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=30) as reply:
            return reply.read().decode()

    def ready(self):
        if self.child.poll() is not None:
            raise RuntimeError(f"the server ended: {self.output()}")
        try:
            return bool(self.get("/readyz"))
        except OSError:
            return False

    def metric(self, name):
        """The sum of a metric over its labels; 0 when it is not there."""
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.e+]+)$", self.get("/metrics"), re.M)
        return sum(map(float, found))


def register(server_port, contact_port, user="101", password="secret", domain="bench.local"):
    """Registers one binding by digest (MD5), as a phone does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        phone.settimeout(5)
        own = phone.getsockname()[1]
        one = f"{user}-{own}"  # of many sockets one after the other, two may have the same port
        authorization = ""
        for number in (1, 2):
            phone.sendto((f"REGISTER sip:{domain} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{one}-{number}\r\n"
                          f"Max-Forwards: 70\r\nFrom: <sip:{user}@{domain}>;tag={one}\r\nTo: <sip:{user}@{domain}>\r\n"
                          f"Call-ID: register-{one}\r\nCSeq: {number} REGISTER\r\n"
                          f"Contact: <sip:{user}@127.0.0.1:{contact_port}>\r\nExpires: 3600\r\n{authorization}"
                          "Content-Length: 0\r\n\r\n").encode(), ("127.0.0.1", server_port))
            reply = phone.recv(8192).decode()
            if " 200 " in reply.splitlines()[0]:
                return
            challenge = next(line for line in reply.splitlines()
                             if line.lower().startswith("www-authenticate") and "SHA-256" not in line)
            value = {k: v for k, v in re.findall(r'(\w+)="?([^",]+)"?', challenge.split("Digest", 1)[1])}
            md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
            a1, a2 = md5(f"{user}:{value['realm']}:{password}"), md5(f"REGISTER:sip:{domain}")
            response = md5(f"{a1}:{value['nonce']}:00000001:bench:auth:{a2}")
            authorization = (f'Authorization: Digest username="{user}",realm="{value["realm"]}",nonce="{value["nonce"]}",'
                             f'uri="sip:{domain}",qop=auth,nc=00000001,cnonce="bench",response="{response}",algorithm=MD5'
                             + (f',opaque="{value["opaque"]}"' if "opaque" in value else "") + "\r\n")
        raise RuntimeError(f"no registration: {reply}")
