"""The data a customer is asked for before a transfer: read out of what they write, checked by its kind.

Linear in the text; a value is kept as it was meant, or not at all.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from handoffs.domain.config import ProjectConfig
from handoffs.domain.contact import find_contact
from handoffs.domain.routing import choose_destination
from handoffs.domain.settings import CollectedField, FieldKind

PROBLEM_KEY = "problem_statement"
LONGEST_TEXT, LONGEST_LONG_TEXT = 500, 4_000
# "No" to one more question, in the languages the triggers speak.
SKIPPED = frozenset(
    word.strip()
    for word in """
    skip|skip it|skip this|no|none|nothing|n/a|pass|rather not|next|i don't know|i dont know|don't know|-|--
    überspringen|nein|keine|keiner|weiter|weiß nicht|weiss nicht|weiß ich nicht|passer|sauter|non|aucun|aucune
    je ne sais pas|omitir|saltar|ninguno|ninguna|no lo sé|no sé|no lo se|salta|saltare|nessuno|nessuna|non lo so
    pular|não|nao|nenhum|nenhuma|não sei|nao sei|overslaan|nee|geen|weet ik niet
    """.casefold()
    .replace("\n", "|")
    .split("|")
    if word.strip()
)
# What a required field of a destination holds, by a word in its name, where nothing else describes it.
KINDS_BY_NAME = {"email": FieldKind.EMAIL, "e_mail": FieldKind.EMAIL, "phone": FieldKind.PHONE}
ORDER = re.compile(
    r"(?:order|bestell\w{0,10}|auftrag\w{0,10}|pedido|commande|ordine|encomenda|bestelling\w{0,10}|booking|reference|#)"
    r"[ :#.\w]{0,12}?[ :#]((?=[A-Z0-9-]{0,20}\d)[A-Z0-9][A-Z0-9-]{2,20})(?![\w-])",
    re.IGNORECASE,
)
ORDER_KEYS = frozenset({"order", "order_number", "order_id", "order_no", "order.number"})
# Which fields a message may tell unasked.
TOLD: Mapping[str, Callable[[CollectedField], bool]] = {
    "email": lambda field: field.kind is FieldKind.EMAIL,
    "phone": lambda field: field.kind is FieldKind.PHONE,
    "order": lambda field: field.key in ORDER_KEYS and field.kind not in (FieldKind.EMAIL, FieldKind.PHONE),
}
NUMBER = re.compile(r"(?<![\w.,-])-?\d{1,15}(?:[.,]\d{1,6})?(?![\w.,]*\d)")
AMBIGUOUS_NUMBER = re.compile(r"-?\d{1,3}[.,]\d{3}\Z")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?!\d)")
PHONE = re.compile(r"\+?\(?\d[\d ()./\u2011-]{4,30}\d")
PHONE_DIGITS = range(6, 16)  # E.164 has 15 at most; asked for, a short national one is one too
HINTS: Mapping[FieldKind, str] = {
    FieldKind.TEXT: "Write it in a few words.",
    FieldKind.LONG_TEXT: "Write it in a sentence or two.",
    FieldKind.EMAIL: "Write an e-mail address, such as name@example.com.",
    FieldKind.PHONE: "Write a phone number with its area code, such as +44 20 7946 0177.",
    FieldKind.NUMBER: "Write a number in digits, such as 12 or 12.50.",
    FieldKind.DATE: "Write a date as year-month-day, such as 2026-03-31.",
    FieldKind.CHOICE: "Choose one of: {choices}.",
}


def fields_to_collect(config: ProjectConfig, *, asked_for: str, reason: str) -> tuple[CollectedField, ...]:
    """The fields of the settings, then what the destination of such a handoff requires beside them."""
    fields = config.settings.collected_fields
    destination = choose_destination(config, asked_for=asked_for, reason=reason)
    required = destination.required_fields if destination else ()
    collected = {item.key: item for item in fields}
    own = tuple(_as_required(item, required) for item in fields)
    return (*own, *(_field_of(name) for name in required if name not in collected))


def read_value(field: CollectedField, text: str) -> Any | None:
    """The value an answer to the question for this field holds; None when it holds none that is right."""
    return READ[field.kind](field, text.strip())


def hint_of(field: CollectedField) -> str:
    """What a right answer looks like."""
    return HINTS[field.kind].format(choices=", ".join(field.choices))


def find_known(fields: Sequence[CollectedField], said: Sequence[str]) -> dict[str, str]:
    """What is told in these messages already, by key: e-mail addresses, phone and order numbers. The newest counts."""
    told = {kind: [item for item in fields if is_told(item)] for kind, is_told in TOLD.items()}
    known: dict[str, str] = {}
    for text in said if any(told.values()) else ():
        contact, order = find_contact(text), ORDER.search(text[:LONGEST_LONG_TEXT])
        values = {"email": contact.email, "phone": contact.phone, "order": order.group(1) if order else None}
        known |= {item.key: value for kind, value in values.items() if value for item in told[kind]}
    return known


def _as_required(field: CollectedField, required: Sequence[str]) -> CollectedField:
    if field.key not in required or field.is_required:
        return field
    return CollectedField(field.key, field.label, field.kind, is_required=True, choices=field.choices)


def _field_of(name: str) -> CollectedField:
    words = name.replace(".", " ").replace("_", " ").strip()
    kind = LONG_TEXTS.get(name) or KINDS_BY_NAME.get(name.rpartition(".")[2], FieldKind.TEXT)
    return CollectedField(name, words, kind, is_required=True)


def _read_text(field: CollectedField, text: str) -> str | None:
    """Whatever is written, except a question, a bare "no" and a novel."""
    is_answer = text and not text.endswith("?") and text.casefold() not in SKIPPED
    return text if is_answer and len(text) <= LENGTHS.get(field.kind, LONGEST_TEXT) else None


def _read_phone(field: CollectedField, text: str) -> str | None:
    match = PHONE.search(text)
    digits = "".join(letter for letter in match.group() if letter.isdigit()) if match else ""
    if match is None or not digits.isascii() or len(digits) not in PHONE_DIGITS:
        return None
    return f"+{digits}" if match.group().startswith("+") else digits


def _read_number(field: CollectedField, text: str) -> int | float | None:
    match = NUMBER.search(text)
    if match is None or not match.group().isascii() or AMBIGUOUS_NUMBER.match(match.group()):
        return None
    number = float(match.group().replace(",", "."))
    return int(number) if number.is_integer() else number


def _read_date(field: CollectedField, text: str) -> str | None:
    """ISO 8601. Day before month, as everywhere but in the United States; what is no day so is read the other way."""
    if match := YEAR_FIRST.search(text):
        return _date(match.group(1), match.group(2), match.group(3))
    match = DAY_FIRST.search(text)
    if match is None:
        return None
    first, second, year = match.groups()
    return _date(year, second, first) or _date(year, first, second)


def _date(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def _read_choice(field: CollectedField, text: str) -> str | None:
    """The choice by its words, by its place in the list, or as the only one the answer names."""
    plain = text.casefold().strip(" .!")
    exact = next((choice for choice in field.choices if choice.casefold() == plain), None)
    if exact or not plain:
        return exact
    if plain.isdecimal() and len(plain) < 4 and 1 <= int(plain) <= len(field.choices):
        return field.choices[int(plain) - 1]
    named = [choice for choice in field.choices if choice.casefold() in plain]
    return named[0] if len(named) == 1 else None


LENGTHS = {FieldKind.LONG_TEXT: LONGEST_LONG_TEXT}
LONG_TEXTS = {PROBLEM_KEY: FieldKind.LONG_TEXT}
READ: Mapping[FieldKind, Callable[[CollectedField, str], Any | None]] = {
    FieldKind.TEXT: _read_text,
    FieldKind.LONG_TEXT: _read_text,
    FieldKind.EMAIL: lambda field, text: find_contact(text).email,
    FieldKind.PHONE: _read_phone,
    FieldKind.NUMBER: _read_number,
    FieldKind.DATE: _read_date,
    FieldKind.CHOICE: _read_choice,
}
