"""Telephone numbers: tel URIs (RFC 3966), E.164 numbers and extensions."""

import re
from dataclasses import dataclass

from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.grammar import UNRESERVED, check_escapes, shorten
from handoffs.domain.sip.uris import read_host

LONGEST_TEL = 256
MOST_DIGITS = 15  # E.164
FEWEST_DIGITS = 3
SEPARATORS = "-.()"
TYPED_SEPARATORS = SEPARATORS + " \u00a0\u2011"
GLOBAL = re.compile(r"\+[0-9().-]*[0-9][0-9().-]*")
LOCAL = re.compile(r"[0-9A-Fa-f*#().-]*[0-9A-Fa-f*#][0-9A-Fa-f*#().-]*")
PARAMETER_NAME = re.compile(r"[A-Za-z0-9-]+")
PARAMETER_VALUE = re.compile(rf"[{UNRESERVED}\[\]/:&+$%]+")
EXTENSION = re.compile(r"[0-9*#]{1,20}")
EXT_DIGITS = re.compile(r"[0-9().-]+")


@dataclass(frozen=True, slots=True)
class TelUri:
    """A tel URI. text: as it was written, byte for byte; number: without separators, with its plus where it is
    global; params: name and value in order, None without `=`."""

    text: str
    number: str
    params: tuple[tuple[str, str | None], ...] = ()

    def __str__(self) -> str:
        return self.text

    @property
    def is_global(self) -> bool:
        return self.number.startswith("+")

    @property
    def plain(self) -> str:
        """The same URI without visual separators in the number."""
        params = "".join(f";{name}" if value is None else f";{name}={value}" for name, value in self.params)
        return f"tel:{self.number}{params}"


def read_tel_uri(text: str) -> TelUri:
    """A tel URI. Raises Refusal."""
    if len(text) > LONGEST_TEL:
        raise Refusal("tel-long", f"A tel: address has {LONGEST_TEL} characters at most, this one {len(text)}")
    if text[:4].lower() != "tel:":
        raise Refusal("tel-scheme", "A tel: address begins with tel:. Try tel:+442079460177")
    digits, *parts = text[4:].split(";")
    params = tuple(_read_param(part) for part in parts)
    _refuse_repeats(params)
    number = _read_number(digits, has_context=any(name.lower() == "phone-context" for name, _ in params))
    return TelUri(text=text, number=number, params=params)


def _read_number(digits: str, *, has_context: bool) -> str:
    number = strip_separators(digits, SEPARATORS)
    if digits.startswith("+"):
        if not GLOBAL.fullmatch(digits):
            raise Refusal("tel-digits", f"“{shorten(digits)}” is no number: digits and - . ( ). Try +442079460177")
        return check_e164(number)
    if not LOCAL.fullmatch(digits):
        raise Refusal("tel-digits", f"“{shorten(digits)}” is no number: digits and - . ( ). Try +442079460177")
    if not has_context:
        raise Refusal("tel-context", f"A number without + needs a context. Try tel:{shorten(digits)};phone-context=+44")
    return number


def _read_param(part: str) -> tuple[str, str | None]:
    name, equals, value = part.partition("=")
    check_escapes(part, "a parameter")
    if not PARAMETER_NAME.fullmatch(name) or (equals and not PARAMETER_VALUE.fullmatch(value)):
        raise Refusal("tel-param", f"“;{shorten(part)}” is no parameter of a number. Try ;ext=204")
    if name.lower() == "ext" and not EXT_DIGITS.fullmatch(value):
        raise Refusal("tel-extension", f"“{shorten(value)}” is no extension: digits only. Try ;ext=204")
    if name.lower() == "phone-context":
        _check_context(value)
    return name, value if equals else None


def _check_context(value: str) -> None:
    if value.startswith("+"):
        if not GLOBAL.fullmatch(value):
            raise Refusal("tel-context", f"“{shorten(value)}” is no context. Try ;phone-context=+44")
    else:
        read_host(value)


def _refuse_repeats(params: tuple[tuple[str, str | None], ...]) -> None:
    names = [name.lower() for name, _ in params]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Refusal("param-twice", f"The parameter {shorten(twice)} stands twice. Leave one")


def read_e164(text: str) -> str:
    """A number as people type it, as `+` and digits. Raises Refusal."""
    if len(text) > LONGEST_TEL:
        raise Refusal("number-long", f"A number has {MOST_DIGITS} digits at most")
    return check_e164(strip_separators(text, TYPED_SEPARATORS))


def check_e164(number: str) -> str:
    """`+` and 3 to 15 digits, the first not 0. Raises Refusal."""
    digits = number.removeprefix("+")
    if not number.startswith("+") or not (digits.isascii() and digits.isdigit()):
        raise Refusal("number", f"“{shorten(number)}” is no international number. Try +442079460177")
    if digits[0] == "0":
        raise Refusal("number-zero", "An international number begins with its country code, never with 0. Try +44…")
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        raise Refusal(
            "number-long" if len(digits) > MOST_DIGITS else "number-short",
            f"An international number has {FEWEST_DIGITS} to {MOST_DIGITS} digits, this one {len(digits)}",
        )
    return number


def read_extension(text: str) -> str:
    """Digits, `*` and `#`, 20 at most. Raises Refusal."""
    if not EXTENSION.fullmatch(text):
        raise Refusal("extension", f"“{shorten(text)}” is no extension: digits, * and #, 20 at most. Try 5001")
    return text


def strip_separators(text: str, separators: str) -> str:
    return text.translate({ord(letter): None for letter in separators})
