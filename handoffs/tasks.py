"""The clock: slices of a second on workers of their own. PostgreSQL is the truth, Celery the hands."""

import time

from celery import shared_task
from django.utils import timezone

from handoffs.services.clock import look_after_queues, run_clock_slice, run_follow_up_slice


@shared_task(ignore_result=True)
def run_slice(*args: object, **kwargs: object) -> None:
    """Fire deadlines as they fall due, for about a second."""
    run_clock_slice(clock=timezone.now, sleep=time.sleep)


@shared_task(ignore_result=True)
def follow_up(*args: object, **kwargs: object) -> None:
    """Take up what follows waits that have run out, for about a second, beside the slices that fire deadlines."""
    run_follow_up_slice(clock=timezone.now, sleep=time.sleep)


@shared_task(ignore_result=True)
def look_after(*args: object, **kwargs: object) -> None:
    """Tell waiting customers their place and look after the agents, beside the slices that fire deadlines."""
    look_after_queues(clock=timezone.now)
