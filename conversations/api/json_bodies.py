"""What counts as JSON in a body: UTF-8 that can be stored, and not endlessly nested."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser

from conversations.domain.large_numbers import TOO_LARGE, has_large_number


class StrictJSONParser(BaseParser):
    """Refuses halves of characters and endless nesting, which Python's own reader takes or dies of."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Raises ParseError."""
        try:
            return orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise ParseError(f"JSON parse error: {error}") from error


def check_storable(value: object) -> None:
    """Refuse what PostgreSQL's jsonb cannot hold, or not give back: NUL, halves of characters, numbers that are too
    large. Raises ValidationError."""
    try:
        kept = orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        raise ValidationError(str(error)) from error
    if b"\\u0000" in kept.replace(b"\\\\", b""):
        raise ValidationError("NUL is no text")
    if has_large_number(value, kept):
        raise ValidationError(TOO_LARGE)
