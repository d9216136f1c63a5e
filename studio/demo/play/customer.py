"""One played customer: opens a session, says one thing after the other, waits for answers, and leaves."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from conversations.domain.timeline import WIRE_PREFIX
from studio.demo.play.course import Course
from studio.demo.play.entrance import Entrance, NoEntrance
from studio.demo.play.pace import Pace
from studio.demo.play.transcripts import Script

# The frames of one transaction come together; this much silence after them means that there are no more.
SILENCE = 0.25


@dataclass(frozen=True, slots=True)
class Manner:
    """How customers behave. patience: seconds they wait for an answer, or for a human, before they go on;
    stays: they leave the session open at the end instead of ending it."""

    patience: float
    stays: bool = False


async def play_customer(script: Script, *, entrance: Entrance, pace: Pace, manner: Manner) -> Course:
    """Play one conversation to its end. What goes wrong is one of the course's problems, never an exception."""
    course = Course(line=script.line, turns=len(script.says))
    try:
        course.session_id = await entrance.open_session()
        # No proxy: the address was given, and loopback is the usual one.
        async with connect(entrance.socket_url(course.session_id), proxy=None, max_size=None) as socket:
            await _Customer(socket, course, pace, manner).play(script)
    except NoEntrance as error:
        course.problems.append(str(error))
    except (OSError, WebSocketException) as error:
        course.problems.append(f"the connection was lost: {type(error).__name__} {error}".strip())
    return course


class _Customer:
    """What a customer does on an open socket, while a reader takes in all that comes."""

    def __init__(self, socket: ClientConnection, course: Course, pace: Pace, manner: Manner) -> None:
        self._socket, self._course, self._pace, self._manner = socket, course, pace, manner
        self._news = asyncio.Event()

    async def play(self, script: Script) -> None:
        reader = asyncio.create_task(self._read())
        try:
            await self._talk(script)
        finally:
            reader.cancel()
            with suppress(asyncio.CancelledError):
                await reader

    async def _talk(self, script: Script) -> None:
        course, patience = self._course, self._manner.patience
        await self._send("REQUEST_POLY_AGENT_JOIN")
        if not await self._until(lambda: course.answers > 0, patience):
            course.problems.append(f"no greeting within {patience:g} s")
        for text in script.says:
            if course.ended:
                return
            await self._say(text)
        await self._wait_for_human()
        if not self._manner.stays and not course.ended:
            await self._send("USER_END_SESSION")
            if not await self._until(lambda: bool(course.ended), patience):
                course.problems.append(f"the session did not end within {patience:g} s")

    async def _say(self, text: str) -> None:
        """Send one message and wait for an answer, from whomever, or until patience is over."""
        course = self._course
        await self._pace.wait()
        answers, with_ai, start = course.answers, course.is_with_ai, asyncio.get_running_loop().time()
        await self._send("USER_MESSAGE", text=text)
        course.sent += 1
        if await self._until(lambda: course.answers > answers or bool(course.ended), self._manner.patience):
            if with_ai and not course.ended:
                course.answer_seconds.append(asyncio.get_running_loop().time() - start)
        elif course.is_with_ai:
            course.problems.append(f"no answer to message {course.sent} within {self._manner.patience:g} s")

    async def _wait_for_human(self) -> None:
        """At the end give a human the same patience to come and to say something."""
        course = self._course
        await self._until(lambda: bool(course.handoffs or course.ended), SILENCE)
        if course.is_waiting:
            await self._until(lambda: not course.is_waiting, self._manner.patience)
        if course.humans and not course.human_answers:
            await self._until(lambda: course.human_answers > 0 or bool(course.ended), self._manner.patience)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            async for text in self._socket:
                self._course.hear(orjson.loads(text), at=loop.time())
                self._news.set()
        except ConnectionClosed:
            return  # whoever sends next is told

    async def _send(self, kind: str, **payload: str) -> None:
        frame = {"type": WIRE_PREFIX + kind, "payload": payload, "id": str(uuid.uuid4())}
        await self._socket.send(orjson.dumps(frame).decode())

    async def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds; whether it does."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return condition()
        return True
