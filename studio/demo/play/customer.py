"""One played customer: opens a session, says one thing after the other, waits for answers, and leaves."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from studio.demo.play.course import Course
from studio.demo.play.entrance import Entrance, NoEntrance
from studio.demo.play.line import Line
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
    except NoEntrance as error:
        course.problems.append(str(error))
        return course
    line = Line(entrance, course)
    following = asyncio.create_task(line.follow())
    try:
        await _Customer(line, course, pace, manner).talk(script)
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
    return course


class _Customer:
    """What a customer does, and how long they wait for what comes back over the line."""

    def __init__(self, line: Line, course: Course, pace: Pace, manner: Manner) -> None:
        self._line, self._course, self._pace, self._manner = line, course, pace, manner

    async def talk(self, script: Script) -> None:
        course, patience = self._course, self._manner.patience
        await self._line.send("REQUEST_POLY_AGENT_JOIN")
        if not await self._until(lambda: course.answers > 0, patience):
            course.problems.append(f"no greeting within {patience:g} s")
        for text in script.says:
            if self._is_over():
                return
            await self._say(text)
        await self._wait_for_human()
        if not self._manner.stays and not self._is_over():
            await self._line.send("USER_END_SESSION")
            if not await self._until(lambda: bool(course.ended), patience):
                course.problems.append(f"the session did not end within {patience:g} s")

    async def _say(self, text: str) -> None:
        """Send one message and wait for an answer, from whomever, or until patience is over."""
        course = self._course
        await self._pace.wait()
        answers, with_ai, start = course.answers, course.is_with_ai, asyncio.get_running_loop().time()
        await self._line.send("USER_MESSAGE", text=text)
        course.sent += 1
        if await self._until(lambda: course.answers > answers or self._is_over(), self._manner.patience):
            if with_ai and course.answers > answers:
                course.answer_seconds.append(asyncio.get_running_loop().time() - start)
        elif course.is_with_ai:
            course.problems.append(f"no answer to message {course.sent} within {self._manner.patience:g} s")

    async def _wait_for_human(self) -> None:
        """At the end give a human the same patience to come and to say something."""
        course = self._course
        await self._until(lambda: bool(course.handoffs) or self._is_over(), SILENCE)
        if course.is_waiting:
            await self._until(lambda: not course.is_waiting or self._is_over(), self._manner.patience)
        if course.humans and not course.human_answers:
            await self._until(lambda: course.human_answers > 0 or self._is_over(), self._manner.patience)

    def _is_over(self) -> bool:
        return bool(self._course.ended) or self._line.is_lost

    async def _until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds; whether it does."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    await self._line.news()
        except TimeoutError:
            return condition()
        return True
