"""The worker application: its logging, and the table of what beat starts."""

import logging.config
import os
import warnings
from typing import Any

from celery import Celery, Task
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging, task_postrun, task_prerun
from django.conf import settings
from structlog.contextvars import bind_contextvars, clear_contextvars

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

# Containers run workers as root; what the warning is about (pickle) is not accepted here.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("studio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# A tick that nobody took within its second is dropped: the next one does the same work.
app.conf.beat_schedule = {
    "drain the outbox": {
        "task": "integrations.tasks.drain_outbox",
        "schedule": 1.0,
        "options": {"queue": "work", "expires": 1.0},
    },
    "take turns": {
        "task": "integrations.tasks.drain_outbox",
        "schedule": 1.0,
        "kwargs": {"lane": "turns"},
        "options": {"queue": "turns", "expires": 1.0},
    },
    "send deliveries": {
        "task": "integrations.tasks.send_due_deliveries",
        "schedule": 1.0,
        "options": {"queue": "work", "expires": 1.0},
    },
    "fire deadlines": {
        "task": "handoffs.tasks.run_slice",
        "schedule": 1.0,
        "options": {"queue": "clock", "expires": 1.0},
    },
    "follow up waits": {
        "task": "handoffs.tasks.follow_up",
        "schedule": 1.0,
        "options": {"queue": "tend", "expires": 1.0},
    },
    "look after queues": {
        "task": "handoffs.tasks.look_after",
        "schedule": 1.0,
        "options": {"queue": "tend", "expires": 1.0},
    },
    "forget old bodies": {
        "task": "integrations.tasks.forget_old_bodies",
        "schedule": 3600.0,
        "options": {"queue": "work", "expires": 3600.0},
    },
    "forget repeated calls": {
        "task": "conversations.tasks.forget_repeated_calls",
        "schedule": 3600.0,
        "options": {"queue": "work", "expires": 3600.0},
    },
}


@setup_logging.connect
def keep_our_logging(**kwargs: Any) -> None:
    """Being connected stops Celery from installing its own handlers; ours are set here, before Django is set up."""
    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def bind_task(task_id: str, task: Task[Any, Any], **kwargs: Any) -> None:
    bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def forget_task(**kwargs: Any) -> None:
    clear_contextvars()
