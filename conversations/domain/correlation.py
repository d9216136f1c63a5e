"""The caller's own id of a call: the header clients of the Messaging API send, logged and answered with."""

import re

CORRELATION_HEADER = "X-PolyAI-Correlation-Id"
ACCEPTABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}", re.ASCII)


def read_correlation(header: str | None) -> str:
    """The id when it is 1 to 128 letters, digits, dots, dashes, colons or underscores; else empty."""
    return header if header and ACCEPTABLE.fullmatch(header) else ""
