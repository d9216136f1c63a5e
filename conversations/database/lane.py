"""A lane: one connection that runs prepared statements, one at a time, with the least between it and the wire.

psycopg opens the connection; after that libpq is driven directly, its socket watched for as long as the lane is
open. An answer comes by callback out of the event loop's read, so that nobody who waits for one, or stops waiting,
can disturb the connection.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from conversations.database.pool import connection_parameters

Row = tuple[bytes | None, ...]
"""One row as the wire has it: every column as text."""
Done = Callable[[list[Row] | psycopg.Error], None]

# Statements that stay: planned once, by index, whatever the tables held when the lane opened. Seen without: a batch
# that read the whole timeline, because its statistics were from before it grew.
SETTINGS = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off"
# What the server says last: told before the connection is seen to have ended.
SESSION_ENDED = frozenset({"FATAL", "PANIC"})
_NAMED = re.compile(r"%\((\w+)\)s")


class ConnectionLost(psycopg.OperationalError):
    """The connection ended before the answer: the statement may have been committed or not."""


class Statement:
    """A statement in psycopg's form (`%(name)s`) as libpq wants it: numbered, and prepared under a name."""

    def __init__(self, name: str, sql: str) -> None:
        self.name = name.encode()
        self.parameters = tuple(dict.fromkeys(_NAMED.findall(sql)))
        numbers = {parameter: f"${number}" for number, parameter in enumerate(self.parameters, 1)}
        self.sql = _NAMED.sub(lambda found: numbers[found[1]], sql).encode()

    def values(self, parameters: Mapping[str, Any]) -> list[bytes | None]:
        return [_text(parameters[name]) for name in self.parameters]


class Lane:
    """One connection for a few statements. `is_free` says whether `send` may be called."""

    def __init__(self, *statements: Statement) -> None:
        self._statements = statements
        self._conn: AsyncConnection[Any] | None = None
        self._pgconn: PGconn | None = None
        self._results: list[PGresult] = []
        self._done: Done | None = None
        self.is_open = False

    @property
    def is_free(self) -> bool:
        return self.is_open and self._done is None

    async def open(self) -> None:
        """Connect and prepare. Raises psycopg.OperationalError when the server is away."""
        conn = await AsyncConnection.connect(**connection_parameters(), autocommit=True)
        await conn.execute(SETTINGS)
        # Kept, since its end would close the connection.
        self._conn, self._pgconn, self._loop = conn, conn.pgconn, asyncio.get_running_loop()
        self._socket = conn.pgconn.socket
        self._loop.add_reader(self._socket, self._read)
        try:
            for statement in self._statements:
                await self._prepare(conn.pgconn, statement)
        except BaseException:
            self._hang_up()
            raise
        self.is_open = True

    async def _prepare(self, pgconn: PGconn, statement: Statement) -> None:
        prepared: asyncio.Future[list[Row] | psycopg.Error] = self._loop.create_future()
        self._done = lambda answer: None if prepared.done() else prepared.set_result(answer)
        pgconn.send_prepare(statement.name, statement.sql)
        self._flush()
        if isinstance(answer := await prepared, psycopg.Error):
            raise answer

    def send(self, statement: Statement, parameters: Mapping[str, Any], done: Done) -> None:
        """Run a statement. `done` is called with its rows or its error, once, out of the event loop's read."""
        if self._pgconn is None:
            raise RuntimeError("the lane is not open")
        self._done = done
        try:
            self._pgconn.send_query_prepared(statement.name, statement.values(parameters))
            self._flush()
        except psycopg.OperationalError as error:
            self._lose(error)
        except psycopg.DataError as error:
            self._finish(error)

    def close(self) -> None:
        self._lose(psycopg.OperationalError("the lane was closed"))

    def _flush(self) -> None:
        """Give the socket what it takes; what is left follows when it takes more."""
        if self._pgconn is None:
            return
        if self._pgconn.flush():
            self._loop.add_writer(self._socket, self._flush)
        else:
            self._loop.remove_writer(self._socket)

    def _read(self) -> None:
        pgconn = self._pgconn
        if pgconn is None:
            return
        try:
            pgconn.consume_input()
        except psycopg.OperationalError as error:
            self._lose(error)
            return
        while self._done and not pgconn.is_busy():
            result = pgconn.get_result()
            if result is None:
                self._answer(pgconn)
                return
            self._results.append(result)

    def _answer(self, pgconn: PGconn) -> None:
        results, self._results = self._results, []
        failed = next((result for result in results if result.status == ExecStatus.FATAL_ERROR), None)
        error = error_from_result(failed) if failed else None
        if pgconn.status != ConnStatus.OK or (error and error.diag.severity_nonlocalized in SESSION_ENDED):
            self._lose(error or psycopg.OperationalError("the server went away"))
        else:
            self._finish(error or _rows(results))

    def _finish(self, answer: list[Row] | psycopg.Error) -> None:
        done, self._done = self._done, None
        if done:
            done(answer)

    def _lose(self, error: psycopg.Error) -> None:
        done, self._done = self._done, None
        self._hang_up()
        if done:
            done(ConnectionLost(str(error)))

    def _hang_up(self) -> None:
        if self._pgconn is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._pgconn.finish()
        self._pgconn, self._conn, self._done = None, None, None
        self._results, self.is_open = [], False


def _text(value: Any) -> bytes | None:
    if value is None:
        return None
    text = value if isinstance(value, bytes) else str(value).encode()
    if b"\0" in text:
        # libpq would end the value there, in silence.
        raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    return text


def _rows(results: Sequence[PGresult]) -> list[Row]:
    return [
        tuple(result.get_value(row, column) for column in range(result.nfields))
        for result in results
        for row in range(result.ntuples)
    ]
