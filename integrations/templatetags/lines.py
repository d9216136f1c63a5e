"""What a tile of the Integrations page says about a telephony line."""

from django import template

from handoffs.domain.sip.voice import LineKind
from handoffs.models import Line
from handoffs.selectors.working_copy import read_line
from handoffs.templatetags.destinations import constraints

register = template.Library()


@register.filter
def line_words(line: Line) -> str:
    """Where calls leave and what the line does not leave open: `+442079460142, REFER only`. What is not known of a
    line is not said."""
    places = (line.number,) if line.kind == LineKind.TWILIO_NUMBER else (line.domain, line.transport.upper())
    return ", ".join(filter(None, (*places, constraints(read_line(line)))))
