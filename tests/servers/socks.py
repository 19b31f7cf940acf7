"""A SOCKS5 proxy on loopback that leads every connection to one address, so that a test needs no name of the world."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import urlsplit


class SocksServer(ThreadingTCPServer):
    """Use it in a `with` block.

    Attributes:
        url: for ALL_PROXY; names are looked up by the proxy.
        hosts: the hosts that were asked for, in order.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        parts = urlsplit(target)
        self.target = (parts.hostname or "", parts.port or 80)
        self.url = f"socks5h://127.0.0.1:{self.server_address[1]}"
        self.hosts: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseRequestHandler):
    server: SocksServer
    request: socket.socket

    def handle(self) -> None:
        _, methods = self._read(2)
        self._read(methods)
        self.request.sendall(b"\x05\x00")  # no password
        *_, kind = self._read(4)
        if kind == 3:
            host = self._read(self._read(1)[0]).decode()
        else:
            host = socket.inet_ntop(
                *((socket.AF_INET, self._read(4)) if kind == 1 else (socket.AF_INET6, self._read(16)))
            )
        self._read(2)
        self.server.hosts.append(host)
        with socket.create_connection(self.server.target) as target:
            self.request.sendall(b"\x05\x00\x00\x01" + bytes(4) + struct.pack(">H", 0))
            back = threading.Thread(target=_relay, args=(target, self.request), daemon=True)
            back.start()
            _relay(self.request, target)
            back.join(10)

    def _read(self, count: int) -> bytes:
        return self.request.recv(count, socket.MSG_WAITALL)


def _relay(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
