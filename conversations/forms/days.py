"""Days as forms take them: of the zone that is active, the project's in every page."""

from datetime import date, datetime, time

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The instant the day begins."""
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())
