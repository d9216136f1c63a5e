"""Stretches of time, as people write them."""

import pytest
from django.core.exceptions import ValidationError

from handoffs.forms.durations import MinutesField, write_minutes

FIELD = MinutesField(least=10, most=86400)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("5", 300), ("5:00", 300), (" 5:30 ", 330), ("0:10", 10), ("90", 5400), ("1:30:00", 5400), ("24:00:00", 86400)],
)
def test_minutes_seconds_and_hours_are_read(typed, seconds):
    assert FIELD.clean(typed) == seconds


@pytest.mark.parametrize("typed", ["five", "5:60", "5:5", "-5", "5.5", "1:2:3:4", "5:", ":30"])
def test_anything_else_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="Try 5:00"):
        FIELD.clean(typed)


@pytest.mark.parametrize("typed", ["0:09", "0", "24:00:01", "9999"])
def test_what_is_too_short_or_too_long_is_told_the_limits(typed):
    with pytest.raises(ValidationError, match="From 0:10 to 24:00:00"):
        FIELD.clean(typed)


@pytest.mark.parametrize("seconds", [10, 59, 60, 300, 3599, 3600, 5400, 86400])
def test_what_is_written_is_read_back(seconds):
    assert FIELD.clean(write_minutes(seconds)) == seconds
