"""A language model behind an OpenAI-compatible endpoint: it is given the topics, and a tool to hand over with."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from integrations.adapters.base import Permanent, Uncertain
from integrations.adapters.http import OpenAnswer, open_answer
from integrations.adapters.network import Patience, never
from integrations.domain.completions import (
    DONE,
    BadCall,
    BadCompletion,
    Completion,
    Prompt,
    build_request,
    handoff_parameters,
    read_chunk,
    read_completion,
    read_handoff,
)
from integrations.domain.event_stream import StreamTooLong, read_data, read_lines
from integrations.domain.responder_settings import read_openai_settings
from integrations.responders.base import NOT_UNDERSTOOD, HandoffAction, Listener, Reply, Turn
from integrations.responders.http import EVENTS, patience_of, read_whole, refuse_failure

logger = logging.getLogger(__name__)
# A model that stopped for these did not say what it would have said.
CUT_SHORT = frozenset({"length", "content_filter"})


class OpenAiCompatibleResponder:
    """Asks for one chat completion a turn. `credentials`: `api_key`, sent as a bearer token."""

    def __init__(self, *, settings: Mapping[str, Any], credentials: Mapping[str, str]) -> None:
        self.settings = read_openai_settings(settings)
        self.api_key = credentials.get("api_key", "")

    def answer(self, turn: Turn, listener: Listener) -> Reply:
        prompt = prompt_of(turn)
        body = build_request(prompt, self.settings)
        with self._open(body, patience_of(self.settings), is_given_up=listener.has_left) as answer:
            return reply_of(read_answer(answer, listener), prompt)

    def complete(self, body: Mapping[str, Any], *, patience: Patience) -> Completion:
        """Send a request of one's own, not streamed, and return the completion. Raises AdapterError."""
        with self._open(body, patience) as answer:
            try:
                return read_completion(read_whole(answer))
            except BadCompletion as error:
                raise Permanent(str(error)) from error

    @contextmanager
    def _open(
        self, body: Mapping[str, Any], patience: Patience, *, is_given_up: Callable[[], bool] = never
    ) -> Iterator[OpenAnswer]:
        with open_answer(
            method="POST",
            url=f"{self.settings.url.rstrip('/')}/chat/completions",
            patience=patience,
            headers=self._headers(),
            body=orjson.dumps(body),
            is_given_up=is_given_up,
        ) as answer:
            refuse_failure(answer)
            yield answer

    def _headers(self) -> dict[str, str]:
        signed_in = {"Authorization": f"Bearer {self.api_key}"} if self.api_key else {}
        return {"Content-Type": "application/json", "Accept": f"{EVENTS}, application/json", **signed_in}


def prompt_of(turn: Turn) -> Prompt:
    return Prompt(turn.ai_name, turn.messages, turn.topics, turn.destinations, turn.reasons, turn.can_hand_off)


def read_answer(answer: OpenAnswer, listener: Listener) -> Completion:
    """Read a completion, whole or streamed, as the server chose. Raises Permanent and Uncertain."""
    try:
        if answer.media_type != EVENTS:
            return read_completion(read_whole(answer))
        return _read_stream(answer, listener)
    except (BadCompletion, StreamTooLong) as error:
        raise Permanent(str(error)) from error


def reply_of(completion: Completion, prompt: Prompt) -> Reply:
    """What the model says and wants. A refusal, an empty answer or a call that does not fit is an unproductive turn:
    nothing is done that was not asked for in full."""
    text = completion.text.strip()
    if completion.finish in CUT_SHORT:
        logger.warning("the model's answer was cut short: %s", completion.finish)
    try:
        wish = read_handoff(completion, handoff_parameters(prompt))
    except BadCall as error:
        logger.warning("unproductive turn: %s", error)
        return Reply(text or NOT_UNDERSTOOD, understood=False)
    if wish is not None:
        return Reply(text, action=_action(wish))
    if completion.refusal or not text or completion.finish == "content_filter":
        return Reply(text or completion.refusal.strip() or NOT_UNDERSTOOD, understood=False)
    return Reply(text)


def _action(wish: Mapping[str, str]) -> HandoffAction:
    return HandoffAction(
        destination=wish.get("destination", ""),
        reason=wish.get("reason", ""),
        utterance=wish.get("utterance", ""),
        summary=wish.get("summary", ""),
    )


def _read_stream(answer: OpenAnswer, listener: Listener) -> Completion:
    completion = Completion()
    for data in read_data(read_lines(answer.chunks)):
        if data == DONE:
            break
        if text := read_chunk(completion, data):
            listener.hear(text)
    if not completion.finish:
        raise Uncertain("the stream ended before its answer")
    return completion
