"""Free ports. Below the kernel's own range, so that no phone's socket takes one between choosing and binding."""
import collections
import os
import random
import socket

_random = random.Random(os.getpid() ^ int.from_bytes(os.urandom(4), "big"))

# Test processes that run side by side (pytest -n) choose from shares of their own.
SHARES = 8
_share = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % SHARES


def _range(first, last):
    """This process's share of the ports from first to before last."""
    size = (last - first) // SHARES
    return first + _share * size, size


_handed_out = collections.deque(maxlen=200)


def _is_free(address, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        try:
            udp.bind((address, port))
            tcp.bind((address, port))
        except OSError:
            return False
        return True


def free_port(address="127.0.0.1"):
    """An even port on which nothing listens, neither UDP nor TCP, nor on the next one: baresip takes that for TLS."""
    start, size = _range(12000, 20000)
    while True:
        port = start + 2 * _random.randrange(size // 2)
        if port in _handed_out or not _is_free(address, port) or not _is_free(address, port + 1):
            continue
        _handed_out.append(port)
        return port


def media_ports(count=400):
    """The range for the server's audio, of some chosen by chance, in which others have the fewest ports now."""
    with open("/proc/net/udp", encoding="ascii") as table:
        taken = {int(line.split()[1].rpartition(":")[2], 16) for line in list(table)[1:]}
    start, size = _range(20000, 32000)
    firsts = [start + 2 * _random.randrange((size - count) // 2) for _ in range(50)]
    first = min(firsts, key=lambda start: len(taken.intersection(range(start, start + count))))
    return f"{first}-{first + count - 1}"
