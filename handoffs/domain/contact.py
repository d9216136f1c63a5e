"""The e-mail address and phone number a customer wrote into a message, for *leave a message*.

Conservative: what could be an order number, a date or a price is not taken for a phone number. Linear in the text.
"""

import re
from dataclasses import dataclass

# Long inputs are cut at spaces first, so that no pattern looks at more than one bounded piece.
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*\Z")
LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\Z")
AROUND = "<>()[]{}\"'.,;:!?*_`"

# Runs of digits and the marks people write between them; a plus only at the beginning. Extensions are left out.
NUMBER = re.compile(r"(?<![\w#£$€.,/-])(?:\+|00)?\(?\d[\d ().\u2011-]{0,30}\d(?![\w%£$€/])")
DATE = re.compile(r"\d{1,4}[.-]\d{1,2}[.-]\d{1,4}(?!\S)")
INTERNATIONAL_DIGITS = range(8, 16)  # E.164 has 15 at most
NATIONAL_DIGITS = range(9, 13)


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a customer can be answered; none of what was not found. The phone keeps digits and a leading plus."""

    email: str | None
    phone: str | None

    @property
    def is_known(self) -> bool:
        """Whether there is any way to answer."""
        return bool(self.email or self.phone)


def find_contact(text: str) -> Contact:
    """The first e-mail address and the first phone number in the text."""
    email = next((found for word in text.split() if (found := read_email(word))), None)
    plain = text if email is None else text.replace(email, " ")
    phone = next((found for piece in NUMBER.finditer(plain) if (found := read_phone(piece.group()))), None)
    return Contact(email=email, phone=phone)


def read_email(word: str) -> str | None:
    """The address a word is, punctuation around it dropped; none when it is not one or names no real domain."""
    if word.count("@") != 1 or len(word) > LONGEST_EMAIL:
        return None
    local, _, domain = word.strip(AROUND).removeprefix("mailto:").partition("@")
    labels = domain.split(".")
    if len(local) > LONGEST_LOCAL or not LOCAL.match(local) or len(labels) < 2:
        return None
    is_domain = all(LABEL.match(label) for label in labels) and labels[-1].isalpha() and len(labels[-1]) > 1
    return f"{local}@{domain}" if is_domain else None


def read_phone(piece: str) -> str | None:
    """The number as digits with a leading plus when it was international; none when it may be something else.

    Nationally only numbers with the trunk prefix 0 count: without it an order or card number looks the same.
    """
    digits = "".join(letter for letter in piece if letter.isdigit())
    if DATE.match(piece.strip()) or not digits.isascii():
        return None
    if piece.startswith(("+", "00")):
        digits = digits.removeprefix("00")
        return f"+{digits}" if len(digits) in INTERNATIONAL_DIGITS and digits[0] != "0" else None
    return digits if digits[0] == "0" and len(digits) in NATIONAL_DIGITS else None
