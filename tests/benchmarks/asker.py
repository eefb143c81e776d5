"""A program on a workstation that asks names of its resolver, one at a time, and times each.

    python -m tests.benchmarks.asker        names on standard input, milliseconds on standard output

Over UDP to systemd-resolved's own address, so that no library's cache or retry is measured.
"""

from __future__ import annotations

import socket
import struct
import sys
import time

RESOLVER = ("127.0.0.53", 53)


def query(number: int, name: str) -> bytes:
    """Make a question for the IPv4 address of a name (RFC 1035, 4.1)."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def main() -> None:
    """Answer line by line until the input ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.settimeout(5)
        channel.connect(RESOLVER)
        for number, line in enumerate(sys.stdin, 1):
            question = query(number & 0xFFFF, line.strip())
            start = time.perf_counter()
            channel.send(question)
            while channel.recv(4096)[:2] != question[:2]:
                pass
            print(f"{(time.perf_counter() - start) * 1000:.4f}", flush=True)


if __name__ == "__main__":
    main()
