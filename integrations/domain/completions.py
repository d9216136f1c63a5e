"""Chat completions as OpenAI publishes them and many servers speak them: the request, and what comes back.

https://platform.openai.com/docs/api-reference/chat. What the model wants done comes as a call of the tool `handoff`,
never inside a text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from handoffs.domain.config import DestinationConfig, ReasonConfig, TopicConfig
from integrations.domain.replies import LONGEST_TEXT
from integrations.domain.responder_settings import OpenAiSettings

TOOL = "handoff"
LONGEST_ARGUMENT = 4_000  # characters; not in the schema, which not every server reads so closely
DONE = "[DONE]"
ROLES: Mapping[str, str] = {"customer": "user", "ai": "assistant", "human": "assistant"}
RULES = """\
You are {name}, the AI assistant in a customer's chat. Answer briefly, in the customer's language, and only from the \
topics below. Say so when they do not hold the answer; never make one up."""
HAND_OVER = """\
Call the tool `handoff` when the customer asks for a person, when the topics do not help, or when a person must \
decide."""


class BadCompletion(ValueError):
    """What came is no chat completion. The text says what is missing and quotes nothing of it."""


class BadCall(ValueError):
    """The model called a tool that does not exist, or `handoff` with arguments that do not fit. Says which."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model is given. messages: (role, text), oldest first, role one of customer, ai, human."""

    ai_name: str
    messages: Sequence[tuple[str, str]] = field(repr=False)
    topics: Sequence[TopicConfig] = ()
    destinations: Sequence[DestinationConfig] = ()
    reasons: Sequence[ReasonConfig] = ()
    can_hand_off: bool = True


@dataclass(slots=True)
class Completion:
    """What came so far. calls: of each tool call, by its index, name and arguments as text."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    calls: dict[int, dict[str, str]] = field(default_factory=dict)


def build_request(prompt: Prompt, settings: OpenAiSettings) -> dict[str, Any]:
    """The body of `POST …/chat/completions`."""
    tools = {"tools": [handoff_tool(prompt)], "tool_choice": "auto"} if prompt.can_hand_off else {}
    return {
        "model": settings.model,
        "messages": [{"role": "system", "content": write_instructions(prompt, settings)}, *_dialogue(prompt.messages)],
        settings.token_limit.value: settings.max_tokens,
        "stream": settings.streams,
        **tools,
    }


def write_instructions(prompt: Prompt, settings: OpenAiSettings) -> str:
    """The system's message: our rules, the project's own, and the topics."""
    topics = "\n\n".join(f"## {topic.name}\n{topic.content}" for topic in prompt.topics)
    parts = [
        RULES.format(name=prompt.ai_name),
        HAND_OVER if prompt.can_hand_off else "",
        settings.instructions,
        f"# Topics\n\n{topics}" if topics else "# Topics\n\nThere are none.",
    ]
    return "\n\n".join(part for part in parts if part)


def handoff_tool(prompt: Prompt) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": TOOL,
            "description": "Pass the conversation to a person, with what they need to know",
            "parameters": handoff_parameters(prompt),
        },
    }


def handoff_parameters(prompt: Prompt) -> dict[str, Any]:
    """JSON Schema of the tool's arguments: only destinations and reasons that exist can be named."""
    places = {item.key: item.description or item.name for item in prompt.destinations}
    reasons = {item.code: item.label for item in prompt.reasons}
    properties = {
        **({"destination": _choice(places, "Where to. Leave it out when unsure")} if places else {}),
        **({"reason": _choice(reasons, "Why")} if reasons else {}),
        "utterance": {"type": "string", "description": "What you tell the customer before the transfer"},
        "summary": {"type": "string", "description": "What it is about, for the person who takes over"},
    }
    required = ["utterance", "summary", *(["reason"] if reasons else [])]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def read_completion(body: bytes) -> Completion:
    """Read a whole answer. Raises BadCompletion."""
    choice = _first_choice(_load(body))
    if choice is None:
        raise BadCompletion("the completion has no choice")
    completion = Completion()
    take_choice(completion, choice, said="message")
    return completion


def read_chunk(completion: Completion, data: str) -> str:
    """Add one event of a stream and return the text it brought. Raises BadCompletion."""
    choice = _first_choice(_load(data))
    return take_choice(completion, choice, said="delta") if choice is not None else ""


def take_choice(completion: Completion, choice: Mapping[str, Any], *, said: str) -> str:
    """Add a choice's `message` or `delta`. Returns its text."""
    part = choice.get(said) or {}
    if not isinstance(part, Mapping):
        raise BadCompletion(f"the {said} of the completion is no object")
    text = _text(part, "content")
    completion.text += text
    completion.refusal += _text(part, "refusal")
    if max(len(completion.text), len(completion.refusal)) > LONGEST_TEXT:
        raise BadCompletion(f"the completion is longer than {LONGEST_TEXT} characters")
    completion.finish = _text(choice, "finish_reason") or completion.finish
    for position, call in enumerate(part.get("tool_calls") or ()):
        _take_call(completion, call, position)
    return text


def read_handoff(completion: Completion, parameters: Mapping[str, Any]) -> dict[str, str] | None:
    """The arguments of the tool call, None without one; `parameters`: what was offered. Raises BadCall."""
    if not completion.calls:
        return None
    call = completion.calls[min(completion.calls)]
    if call["name"] != TOOL:
        raise BadCall(f"the model called an unknown tool, {call['name'][:60]!r}")
    try:
        arguments = orjson.loads(call["arguments"])
    except orjson.JSONDecodeError as error:
        raise BadCall("the arguments of the handoff are no JSON") from error
    found = Draft202012Validator(parameters).iter_errors(arguments)
    problems = sorted({f"{_field(error)} {error.validator}" for error in found})
    if problems:
        raise BadCall(f"the arguments of the handoff do not fit: {', '.join(problems)[:300]}")
    if too_long := sorted(name for name, value in arguments.items() if len(value) > LONGEST_ARGUMENT):
        raise BadCall(f"the arguments of the handoff are too long: {', '.join(too_long)}")
    return {name: str(value).replace("\x00", "") for name, value in arguments.items()}


def _choice(known: Mapping[str, str], description: str) -> dict[str, Any]:
    listed = "; ".join(f"{key}: {words}" for key, words in known.items())
    return {"type": "string", "enum": list(known), "description": f"{description}. {listed}"}


def _dialogue(messages: Iterable[tuple[str, str]]) -> Iterable[dict[str, str]]:
    for role, text in messages:
        yield {"role": ROLES[role], "content": f"(A human colleague) {text}" if role == "human" else text}


def _load(body: bytes | str) -> Any:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadCompletion("the completion is no JSON") from error
    if isinstance(content, Mapping) and content.get("error"):
        raise BadCompletion("the server answered with an error in place of a completion")
    return content


def _first_choice(content: Any) -> Mapping[str, Any] | None:
    choices = content.get("choices") if isinstance(content, Mapping) else None
    if not isinstance(choices, list) or not all(isinstance(choice, Mapping) for choice in choices):
        raise BadCompletion("the completion has no list of choices")
    return next((choice for choice in choices if choice.get("index", 0) == 0), None)


def _take_call(completion: Completion, call: Any, position: int) -> None:
    """A call comes in pieces: its name in the first, its arguments bit by bit, held together by `index`."""
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping):
        raise BadCompletion("a tool call names no function")
    index = call.get("index", position)
    known = completion.calls.setdefault(index if isinstance(index, int) else position, {"name": "", "arguments": ""})
    known["name"] += _text(function, "name")
    known["arguments"] += _text(function, "arguments")


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    if value is not None and not isinstance(value, str):
        raise BadCompletion(f"the {name} of the completion is no text")
    return (value or "").replace("\x00", "")


def _field(error: ValidationError) -> str:
    return ".".join(map(str, error.absolute_path)) or "as a whole"
