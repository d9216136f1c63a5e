"""Which languages the triggers know, and how well each has been measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoffs.domain.triggers.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Measured:
    """How right a trigger was on messages no model or threshold had seen. messages: how many, asking: of them with the
    trigger; precision, recall: from 0 to 1, at the normal sensitivity."""

    messages: int
    asking: int
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Known:
    """One language. has_models: the trained models learnt from it; measured: by trigger, none where nobody but
    ourselves has written or labelled what was tried."""

    code: str
    has_models: bool
    measured: Mapping[str, Measured]


# Of the development split, as docs/triggers.md has it.
MEASURED: Mapping[str, Mapping[str, Measured]] = {}
MODELLED = frozenset({"en"})


def known_languages() -> tuple[Known, ...]:
    """Every language there are rules for."""
    return tuple(
        Known(language.code, language.code in MODELLED, MEASURED.get(language.code, {})) for language in LANGUAGES
    )
