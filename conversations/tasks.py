"""What is cleaned up now and then. Each task makes one call, may run twice and takes arguments it does not know."""

from celery import shared_task
from django.utils import timezone

from conversations.services.idempotency import purge_idempotency_keys


@shared_task(ignore_result=True)
def forget_repeated_calls(*args: object, **kwargs: object) -> None:
    """Purge the answers nobody will ask for again; started by beat."""
    purge_idempotency_keys(at=timezone.now())
