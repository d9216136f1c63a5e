"""A sweeper as a process of its own: `python -m tests.journeys.sweeper`.

Says `ready`, waits for a line, fires waits until none is left, and prints how many. In small sets, so that whoever runs
beside it reaches for the same ones again and again.
"""

import os
import sys

import django

SET = 2


def main() -> None:
    """Everything is imported and the database reached before it says so: all begin at the same moment."""
    from django.utils import timezone

    from conversations.models import Deadline
    from handoffs.services.firing import fire_waits

    waits, fired = Deadline.objects.filter(kind="wait_limit"), 0
    if waits.exists():
        print("ready", flush=True)
    sys.stdin.readline()
    while waits.exists():
        fired += fire_waits(at=timezone.now(), limit=SET)
    print(fired, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    main()
