"""Destinations whose method their telephony line does not accept."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from conversations.models import Project
from handoffs.domain.sip.voice import LineConfig
from handoffs.models import Destination


def mismatched_destinations(project: Project, lines: Sequence[LineConfig]) -> QuerySet[Destination]:
    """The voice destinations of a project that use another method than their line accepts."""
    rows = Destination.objects.filter(project=project).exclude(method="")
    wrong = Q(pk__in=[])
    known = [line.key for line in lines]
    for position, line in enumerate(lines):
        if line.required_method:
            by_line = Q(line_key=line.key) | (~Q(line_key__in=known) if position == 0 else Q(pk__in=[]))
            wrong |= by_line & ~Q(method=line.required_method.value)
    return rows.filter(wrong)
