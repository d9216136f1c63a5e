"""The clock: one-second slices on a worker of their own. PostgreSQL is the truth, Celery the hands."""

import time

from celery import shared_task
from django.utils import timezone

from handoffs.services.clock import run_clock_slice


@shared_task(ignore_result=True)
def run_slice(*args: object, **kwargs: object) -> None:
    """Fire deadlines as they fall due and tell waiting customers their place, for about a second."""
    run_clock_slice(clock=timezone.now, sleep=time.sleep)
