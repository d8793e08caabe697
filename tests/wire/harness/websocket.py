"""A small WebSocket client (RFC 6455) that can also do what a proper one would not: half frames, binary, silence."""
import base64
import os
import socket
import struct
import time

from .waiting import PATIENCE


class Closed(Exception):
    """The server closed the connection; .code is the close code, or None without one."""

    def __init__(self, code, reason=""):
        super().__init__(f"closed with {code} {reason}")
        self.code = code


class Refused(Exception):
    """The server did not upgrade; .status is the HTTP status."""

    def __init__(self, status, text):
        super().__init__(f"HTTP {status}: {text[:200]}")
        self.status = status


def narrow_connection(address, port):
    """A connection of which the kernel takes little on either side: who stops reading is felt soon."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    made.settimeout(10 * PATIENCE)
    made.connect((address, port))
    return made


class WebSocket:
    def __init__(self, address, port, path, headers=None, narrow=False):
        self.socket = narrow_connection(address, port) if narrow else \
            socket.create_connection((address, port), 10 * PATIENCE)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {address}:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            more = self.socket.recv(4096)
            if not more:
                break
            self.buffer += more
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        status = int(head.split()[1]) if head else 0
        if status != 101:
            self.socket.close()
            raise Refused(status, head.decode(errors="replace"))

    @staticmethod
    def encode(opcode, payload, final=True, masked=True):
        head = bytes([(0x80 if final else 0) | opcode])
        mask_bit = 0x80 if masked else 0
        if len(payload) < 126:
            head += bytes([mask_bit | len(payload)])
        elif len(payload) < 65536:
            head += bytes([mask_bit | 126]) + struct.pack(">H", len(payload))
        else:
            head += bytes([mask_bit | 127]) + struct.pack(">Q", len(payload))
        if not masked:
            return head + payload
        mask = os.urandom(4)
        body = bytearray(payload)
        for i in range(len(body)):
            body[i] ^= mask[i & 3]
        return head + mask + bytes(body)

    def send_text(self, text):
        self.socket.sendall(self.encode(1, text.encode()))

    def send_binary(self, payload):
        self.socket.sendall(self.encode(2, payload))

    def send_raw(self, data):
        self.socket.sendall(data)

    def _read(self, count, deadline):
        while len(self.buffer) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(65536)
            except socket.timeout:
                raise TimeoutError from None
            except ConnectionError:
                more = b""
            if not more:
                raise Closed(None)
            self.buffer += more
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def receive(self, timeout=10):
        """(opcode, payload) of the next whole message; pings are answered. TimeoutError, Closed."""
        deadline = time.monotonic() + timeout * PATIENCE
        message, kind = b"", None
        while True:
            first, second = self._read(2, deadline)
            length = second & 127
            if length == 126:
                length = struct.unpack(">H", self._read(2, deadline))[0]
            elif length == 127:
                length = struct.unpack(">Q", self._read(8, deadline))[0]
            payload = self._read(length, deadline)
            opcode = first & 15
            if opcode == 9:
                self.socket.sendall(self.encode(10, payload))
            elif opcode == 8:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
                raise Closed(code, payload[2:].decode(errors="replace"))
            elif opcode in (0, 1, 2):
                kind = opcode or kind
                message += payload
                if first & 0x80:
                    return kind, message

    def receive_text(self, timeout=10):
        return self.receive(timeout)[1].decode()

    def close(self):
        try:
            self.socket.sendall(self.encode(8, struct.pack(">H", 1000)))
        except OSError:
            pass
        self.socket.close()
