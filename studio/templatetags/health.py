"""Template tags of the health page."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def with_code(text: str) -> SafeString:
    """A sentence whose commands stand between backticks, as HTML."""
    pieces = enumerate(text.split("`"))
    return format_html_join("", "{}{}{}", (_mark(piece, is_code=index % 2 == 1) for index, piece in pieces))


def _mark(piece: str, *, is_code: bool) -> tuple[SafeString, str, SafeString]:
    opening, closing = ("<code>", "</code>") if is_code else ("", "")
    return SafeString(opening), piece, SafeString(closing)
