"""Which languages the triggers know, and how well each has been measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from handoffs.domain.triggers.languages import LANGUAGES
from handoffs.domain.triggers.models import FOLDER


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


MODELLED = frozenset({"en"})  # what the trained models learnt from, and were measured on
CARD = FOLDER / "CARD.md"
# In the models' card: the heading of a trigger's figures, and how the row of the normal sensitivity begins; the
# first such row with numbers in it counts.
SECTIONS: Mapping[str, tuple[str, str]] = {
    "explicit_request": ("Explicit request", "| "),
    "frustration": ("Frustration", "| level 2"),
}


def known_languages() -> tuple[Known, ...]:
    """Every language there are rules for."""
    return tuple(_known(language.code) for language in LANGUAGES)


def _known(code: str) -> Known:
    is_modelled = code in MODELLED
    return Known(code, is_modelled, read_figures(CARD.read_text(encoding="utf-8")) if is_modelled else {})


def read_figures(card: str) -> dict[str, Measured]:
    """By trigger, what the card says of the development split; what it does not say is left out."""
    found = {trigger: _read_section(card, heading, row) for trigger, (heading, row) in SECTIONS.items()}
    return {trigger: figures for trigger, figures in found.items() if figures}


def _read_section(card: str, heading: str, row: str) -> Measured | None:
    section = card.partition(f"## {heading} on the development split: ")[2].partition("\n## ")[0]
    head, *lines = section.splitlines() or [""]
    counts = [int(word) for word in head.split() if word.isdecimal()]
    numbers = next((found for line in lines if line.startswith(row) and (found := _numbers(line))), [])
    return Measured(*counts, *numbers[:2]) if len(counts) == 2 and len(numbers) >= 2 else None


def _numbers(line: str) -> list[float]:
    cells = [cell.strip() for cell in line.strip("| ").split("|")]
    return [float(cell) for cell in cells if cell.replace(".", "", 1).isdecimal()]
