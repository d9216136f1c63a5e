"""The characters SIP is written with (RFC 3261, section 25.1): tokens, header names and values, escapes.

Everything here is linear in its text: character classes, one pass, no nested repetition.
"""

import re

from handoffs.domain.sip.findings import Refusal

LONGEST_NAME = 64  # characters
LONGEST_VALUE = 1024  # octets

TOKEN_CHARACTER = r"[A-Za-z0-9.!%*_+`'~-]"  # noqa: S105 - the grammar's word
TOKEN = re.compile(f"{TOKEN_CHARACTER}+")
NOT_TOKEN = re.compile(r"[^A-Za-z0-9.!%*_+`'~-]+")
# Controls but the tab, which is white space; DEL and C1; the line ends of Unicode.
UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
SURROGATE = re.compile("[\ud800-\udfff]")
PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
ESCAPED_CONTROL = re.compile(r"%(?:[01][0-9A-Fa-f]|7[Ff])")
UNRESERVED = r"A-Za-z0-9_.!~*'()\-"  # inside a character class
OUTER_SPACE = " \t"


def octets(text: str) -> int:
    """The length on the wire. Half a surrogate pair, which no wire carries, counts as three."""
    return len(text.encode("utf-8", "surrogatepass"))


def is_token(text: str) -> bool:
    return TOKEN.fullmatch(text) is not None


def shorten(text: str) -> str:
    """The text as a sentence can quote it."""
    plain = SURROGATE.sub("\ufffd", UNSAFE.sub(" ", text[:60]))
    return plain if len(text) <= 40 else f"{plain[:39]}…"


def read_header_name(text: str) -> str:
    """A header name as it stands. Raises Refusal."""
    if not text:
        raise Refusal("header-name-missing", "A header needs a name. Try X-Customer-ID")
    if len(text) > LONGEST_NAME:
        raise Refusal("header-name-long", f"A header name has {LONGEST_NAME} characters at most, this one {len(text)}")
    if not is_token(text):
        raise Refusal(*_name_trouble(text))
    return text


def _name_trouble(text: str) -> tuple[str, str]:
    proposal = propose_name(text)
    if UNSAFE.search(text):
        return "header-name-control", f"A header name has no line breaks or control characters. Try {proposal}"
    if ":" in text:
        return "header-name-colon", f"The colon is added on the wire, a header name has none. Try {proposal}"
    if any(letter.isspace() for letter in text):
        return "header-name-space", f"A header name has no spaces. Try {proposal}"
    return "header-name-character", f"A header name has letters, digits and - . _ ! % * + ~ ' `. Try {proposal}"


def propose_name(text: str) -> str:
    """A name near to the text that a header can have, with the private prefix."""
    words = NOT_TOKEN.sub(" ", text.partition(":")[0]).split()
    name = "-".join(words)[: LONGEST_NAME - 2].strip("-")
    return (name if name[:2].upper() == "X-" else f"X-{name}") if name else "X-Customer-ID"


def read_header_value(text: str) -> str:
    """A configured header value, outer spaces dropped. Raises Refusal for what would break the line or not encode:
    what a live call brings is flattened instead."""
    if "\r" in text or "\n" in text:
        raise Refusal("header-value-line-break", "A header value is one line. Put a second header beside it instead")
    if UNSAFE.search(text):
        raise Refusal("header-value-control", "A header value has no control characters. Type it again as plain text")
    if SURROGATE.search(text):
        raise Refusal("header-value-encoding", "A character of this value is half of a pair. Type it again")
    value = text.strip(OUTER_SPACE)
    if (size := octets(value)) > LONGEST_VALUE:
        raise Refusal("header-value-long", f"A header value has {LONGEST_VALUE} octets at most, this one {size}")
    return value


def escape(text: str, allowed: str) -> str:
    """The text with everything but `allowed`, a character class of ASCII, as %HH of its UTF-8 octets."""
    return re.sub(f"[^{allowed}]", _percent, text)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in found[0].encode("utf-8", "replace"))


def check_escapes(text: str, what: str) -> None:
    """Refuses a % without two hexadecimal digits, and escapes that stand for control characters: a referee
    unescapes them into its own request."""
    if PERCENT.search(text):
        raise Refusal("escape-broken", f"A % in {what} needs two hexadecimal digits behind it. Write %25 for the sign")
    if ESCAPED_CONTROL.search(text):
        raise Refusal("escape-control", f"{what[0].upper()}{what[1:]} hides a control character (%00 to %1F, %7F)")
