"""What a browser posts from the editor of office hours."""

from collections.abc import Mapping, Sequence
from typing import Any

Hours = Mapping[int, Sequence[tuple[str, str]]]


def posted_hours(
    *,
    name: str = "Billing hours",
    time_zone: str = "Europe/London",
    hours: Hours | None = None,
    dates: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """The fields of the form. hours: (start, end) by weekday; dates: rows with date, name, hours, every_year."""
    posted = {"name": name, "time_zone": time_zone, "country": "", "subdivision": "", **more}
    for day in range(7):
        rows = (hours or {}).get(day, ())
        posted |= {f"day{day}-TOTAL_FORMS": len(rows), f"day{day}-INITIAL_FORMS": 0}
        for number, (start, end) in enumerate(rows):
            posted |= {f"day{day}-{number}-start": start, f"day{day}-{number}-end": end}
    posted |= {"holidays-TOTAL_FORMS": len(dates), "holidays-INITIAL_FORMS": 0}
    for number, row in enumerate(dates):
        posted |= {f"holidays-{number}-{field}": value for field, value in row.items()}
    return posted
