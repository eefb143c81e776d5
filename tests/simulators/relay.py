"""Carrying connections from one machine's network to a server on the host, without a link or an
address on the host.

The listening socket is made in the machine's network but belongs to this process, which stays in
the host's: what is accepted there is carried to the host's loopback. The server sees 127.0.0.1 as
its client.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator

from tests.simulators.namespaces import inside


class Relay:
    """One address and port of a machine's network that leads to a server on the host, until it is
    closed.
    """

    def __init__(self, pid: int, address: tuple[str, int], target: tuple[str, int]) -> None:
        """Listen at `address` in the network of the process `pid`; `target` may start and end as it
        likes.
        """
        self._target = target
        self._sockets: set[socket.socket] = set()
        with inside(pid, "net"):
            self._listener = socket.create_server(address, backlog=128)
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def close(self) -> None:
        """Stop listening and cut what is open: a socket keeps its network alive after the last
        process.
        """
        _wake(self._listener)
        self._serving.join()
        for known in list(self._sockets):
            _wake(known)

    def _serve(self) -> None:
        with contextlib.suppress(OSError), self._listener:
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=[client], daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), self._known(client):
            server = socket.create_connection(self._target, timeout=5)
            server.settimeout(None)
            with self._known(server):
                carry(client, server)

    @contextlib.contextmanager
    def _known(self, one: socket.socket) -> Iterator[None]:
        """Keep a socket that `close` wakes; it is closed after the block."""
        self._sockets.add(one)
        try:
            with one:
                yield
        finally:
            self._sockets.discard(one)


def _wake(one: socket.socket) -> None:
    """Let the thread that waits on a socket see its end; it closes it."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


def carry(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until both sides have said all; OSError when a side breaks."""
    with selectors.DefaultSelector() as open_:
        for pair in ((one, other), (other, one)):
            open_.register(pair[0], selectors.EVENT_READ, pair)
        while open_.get_map():
            for key, _ in open_.select():
                source, sink = key.data
                if data := source.recv(65536):
                    sink.sendall(data)
                else:
                    open_.unregister(source)
                    sink.shutdown(socket.SHUT_WR)
