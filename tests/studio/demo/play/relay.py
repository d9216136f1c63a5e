"""A TCP relay that breaks a line when it is told to: what a bad network does between a customer and the server."""

import asyncio
import threading
from urllib.parse import urlsplit

SOCKET_REQUEST = b"GET /ws"


class Relay:
    """Listens on loopback and passes everything to `target`, until a WebSocket's client has sent `cut_at` chunks
    (the request is the first): the chunk is `delivered` or not, and the line is cut. Later lines are whole, unless
    it `stays_away`: then nobody listens any more."""

    def __init__(self, target: str, *, cut_at: int, delivered: bool, stays_away: bool = False) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname, parts.port)
        self._cut_at, self._delivered, self._stays_away, self.cuts = cut_at, delivered, stays_away, 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)

    def __enter__(self) -> "Relay":
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._server = listening.result(10)
        self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection(*self._target)
        down = asyncio.create_task(self._pass(server_reader, writer))
        try:
            await self._pass_up(reader, server_writer)
        finally:
            down.cancel()
            for end in (writer, server_writer):
                end.transport.abort()

    async def _pass_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        chunks, is_socket = 0, False
        while chunk := await reader.read(65_536):
            chunks += 1
            is_socket = is_socket or chunk.startswith(SOCKET_REQUEST)
            is_cut = is_socket and not self.cuts and chunks == self._cut_at
            if not is_cut or self._delivered:
                writer.write(chunk)
                await writer.drain()
            if is_cut:
                self.cuts += 1
                if self._stays_away:
                    self._server.close()
                return

    @staticmethod
    async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
        writer.close()
