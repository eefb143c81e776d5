"""Reads what a request brings: bounded in size and time, and parsed with a word for each fault."""

from __future__ import annotations

import asyncio
import zlib
from typing import TypeVar

import msgspec
from aiohttp import web

from server.errors import Refused

BODY_SECONDS = 10
"""How long a body may take to come in."""
SMALL = 64 * 1024
"""What is enough for all but reports."""

_T = TypeVar("_T")


async def read_body(request: web.Request, most: int) -> bytes:
    """The bytes as sent, at most so many. Raises Refused."""
    if (request.content_length or 0) > most:
        raise too_large(most)
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > most:
                    raise too_large(most)
    except TimeoutError as error:
        raise Refused(
            408, "slow", f"the body did not come in within {BODY_SECONDS} seconds"
        ) from error
    return bytes(data)


async def read_unpacked(request: web.Request, most: int) -> bytes:
    """The bytes of a body that may be gzipped; never more than so many are unpacked."""
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding not in {"identity", "gzip"}:
        raise Refused(415, "encoding", "Content-Encoding: gzip, or none")
    data = await read_body(request, most)
    return data if encoding == "identity" else gunzip(data, most)


def gunzip(data: bytes, most: int) -> bytes:
    """Unpack gzip, but never more than so many bytes. Raises Refused."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise Refused(400, "gzip", "the body is not gzip, as its Content-Encoding says") from error
    if len(plain) > most:
        raise too_large(most)
    if not unpacker.eof or unpacker.unused_data:
        raise Refused(400, "gzip", "the gzip data end too early, or something follows them")
    return plain


def parse(data: bytes, form: type[_T]) -> _T:
    """Read JSON of a form; fields that a newer endpoint adds are passed over. Raises Refused."""
    try:
        return msgspec.json.decode(data, type=form)
    except msgspec.ValidationError as error:
        raise Refused(400, "form", _with_field(str(error))) from error
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Refused(400, "json", "the body is not JSON in UTF-8") from error


def too_large(most: int) -> Refused:
    """The answer to a body over its limit."""
    return Refused(413, "too-large", f"the body is larger than {most} bytes")


def _with_field(message: str) -> str:
    """Put the field's name first: `key.alg: Invalid enum value 'rsa'`."""
    fault, _, place = message.partition(" - at `$.")
    return f"{place.rstrip('`')}: {fault}" if place else fault
