"""What is said about a voice route: what blocks it, what is worth a look, and what is only good to know."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a lint weighs."""

    PROBLEM = "problem"  # cannot be saved, must not be sent
    WARNING = "warning"  # works, but perhaps not as meant
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True)
class Lint:
    """One finding. code: stable, kebab-case; subject: the field it is about (`route`, `headers[2].name`, `method`,
    `utterance`), or in a plan the header's name; sentence: English, says what is wrong and what to do instead."""

    code: str
    subject: str
    sentence: str
    severity: Severity = Severity.WARNING


class Refusal(ValueError):
    """Text that is not what it should be. code: stable, kebab-case; sentence: offers a correction."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def about(self, subject: str, *, severity: Severity = Severity.PROBLEM) -> Lint:
        return Lint(code=self.code, subject=subject, sentence=self.sentence, severity=severity)
