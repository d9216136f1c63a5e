"""A sweeper as a process of its own: `python -m tests.journeys.sweeper`.

Says `ready`, waits for a line, fires waits until none is left, and prints how many. In small sets, so that whoever runs
beside it reaches for the same ones again and again.
"""

import os
import sys

import django

SET = 2


def sweep_to_the_end() -> int:
    from django.utils import timezone

    from conversations.models import Deadline
    from handoffs.services.firing import fire_waits

    fired = 0
    while Deadline.objects.filter(kind="wait_limit").exists():
        fired += fire_waits(at=timezone.now(), limit=SET)
    return fired


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    django.setup()
    print("ready", flush=True)
    sys.stdin.readline()
    print(sweep_to_the_end(), flush=True)
