"""Redis publish and subscribe, written by hand over a plain socket with the C parser: nothing in between."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import unquote, urlsplit

import hiredis

READ_BYTES = 262_144


def command(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


class Wire:
    """One publishing and one subscribing connection.

    `hear(channel, data)` is awaited for every message; `confirmed(channel)` called for every subscription.
    """

    def __init__(self, hear: Callable[[bytes, bytes], Awaitable[None]], confirmed: Callable[[bytes], None]) -> None:
        self._hear, self._confirmed = hear, confirmed

    async def open(self, url: str) -> None:
        _, self._publisher = await connect(url)
        self._publisher.write(command(b"CLIENT", b"REPLY", b"OFF"))
        reader, self._subscriber = await connect(url)
        self._reading = asyncio.create_task(self._read(reader))

    def publish(self, channel: bytes, data: bytes) -> None:
        self._publisher.write(
            b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(channel), channel, len(data), data)
        )

    def subscribe(self, channel: bytes) -> None:
        self._subscriber.write(command(b"SUBSCRIBE", channel))

    def unsubscribe(self, channel: bytes) -> None:
        self._subscriber.write(command(b"UNSUBSCRIBE", channel))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        parser = hiredis.Reader()
        while data := await reader.read(READ_BYTES):
            parser.feed(data)
            while message := parser.gets():
                kind, channel, content = message
                if kind == b"message":
                    await self._hear(channel, content)
                elif kind == b"subscribe":
                    self._confirmed(channel)


async def connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 6379)
    if parts.password:
        writer.write(command(b"AUTH", unquote(parts.password).encode()))
        await reader.readline()
    return reader, writer
