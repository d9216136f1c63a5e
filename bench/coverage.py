"""The coverage finder with 10 and with 100 destinations, in the same run: its cost grows linearly.

Chains of five, every destination with hours of its own in one of five zones, public holidays of their countries, and
breaks at noon; the coming 365 days.
"""

import statistics
import time
from datetime import UTC, datetime

from handoffs.domain.config import DestinationConfig, OutOfHours, ProjectConfig, QueueConfig
from handoffs.domain.office_hours.coverage import Coverage, find_coverage
from handoffs.domain.office_hours.schedules import IntervalConfig, ScheduleConfig

REPETITIONS, FEW, MANY, CHAIN = 5, 10, 100, 5
START = datetime(2026, 11, 21, 12, 7, tzinfo=UTC)
PLACES = (
    ("Europe/London", "GB", "ENG"),
    ("Europe/Madrid", "ES", ""),
    ("America/New_York", "US", "NY"),
    ("Australia/Lord_Howe", "AU", "NSW"),
    ("Asia/Kathmandu", "NP", ""),
)
HOURS = (("08:00", "12:30"), ("13:15", "20:00"))
WEEK = tuple(IntervalConfig(day, *hours) for day in range(6) for hours in HOURS)


def configuration(count: int) -> ProjectConfig:
    numbers = range(count)
    return ProjectConfig(
        destinations=tuple(destination(number) for number in numbers),
        queues=(QueueConfig("queue", "Queue"),),
        schedules=tuple(schedule(number) for number in numbers),
    )


def destination(number: int) -> DestinationConfig:
    ends = number % CHAIN == CHAIN - 1
    return DestinationConfig(
        f"destination-{number}",
        f"Destination {number}",
        queue="queue",
        schedule=f"hours-{number}",
        out_of_hours=OutOfHours.FALLBACK,
        fallback="" if ends else f"destination-{number + 1}",
    )


def schedule(number: int) -> ScheduleConfig:
    zone, country, subdivision = PLACES[number % len(PLACES)]
    return ScheduleConfig(f"hours-{number}", f"Hours {number}", zone, WEEK, country, subdivision)


def measure(config: ProjectConfig) -> tuple[float, Coverage]:
    """Seconds of processor time, and what was found."""
    began = time.process_time()
    coverage = find_coverage(config, start=START)
    return time.process_time() - began, coverage


def main() -> None:
    few, many = configuration(FEW), configuration(MANY)
    measure(few)  # the holidays of each country are read once per process
    runs = [(measure(few), measure(many)) for _ in range(REPETITIONS)]
    print(f"\nCoverage of 365 days, {REPETITIONS} repetitions, interleaved; processor time in ms, min / median / max")
    for name, column in ((FEW, 0), (MANY, 1)):
        found = runs[0][column][1]
        print(
            f"{name:>4} destinations  {spread([run[column][0] * 1e3 for run in runs])}  ({len(found.holes)} stretches)"
        )
    ratios = [many_run[0] / few_run[0] for few_run, many_run in runs]
    print(f"{MANY} / {FEW}          {spread(ratios, '.2f')}  (linear: {MANY / FEW:.2f})")


def spread(values: list[float], form: str = ".0f") -> str:
    return " / ".join(format(value, form) for value in (min(values), statistics.median(values), max(values)))


if __name__ == "__main__":
    main()
