"""The texts a customer is told by the settings: their built-in wording, and the variables each may hold."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields

from handoffs.domain.settings import SettingsConfig

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "request_utterance": (),
    "decline_text": (),
    "unavailable_utterance": (),
    "closed_text": ("opening",),
    "message_text": (),
    "unanswered_text": (),
    "retry_text": (),
    "passed_on_text": ("destination",),
    "ended_text": (),
    "cannot_answer_text": (),
    "offer_text": (),
    "confirm_text": (),
    "declined_offer_text": (),
    "problem_text": (),
    "try_text": (),
    "collect_text": ("field",),
    "not_valid_text": ("hint",),
    "forbidden_text": (),
    "message_thanks": ("contact",),
}
NAMES = tuple(VARIABLES)
BUILT_IN: Mapping[str, str] = {
    field.name: str(field.default)
    for field in fields(SettingsConfig)
    if field.name in VARIABLES and field.default is not MISSING
}
BRACED = re.compile(r"\{([^{}]*)\}")


def foreign_variables(name: str, text: str) -> tuple[str, ...]:
    """The variables in a text that it cannot hold, each once, in order."""
    found = dict.fromkeys(BRACED.findall(text))
    return tuple(variable for variable in found if variable not in VARIABLES[name])


def has_loose_brace(text: str) -> bool:
    """Whether a brace is left that begins or ends no variable: what fills the text in would stumble over it."""
    rest = BRACED.sub("", text)
    return "{" in rest or "}" in rest
