"""The hands: what Celery starts. Each task makes one call, may run twice and takes arguments it does not know."""

from celery import shared_task
from django.utils import timezone

from conversations.outbox import USUAL_LANE
from integrations.selectors.deliveries import TOLD_TOPICS
from integrations.services.deliveries import send_due
from integrations.services.entries import drain_entries
from integrations.services.expiry import forget_bodies


@shared_task(ignore_result=True)
def drain_outbox(*args: object, lane: str = USUAL_LANE, **kwargs: object) -> None:
    """Handle what a lane of the outbox promises; kicked by every append that writes an entry, and by beat."""
    if drain_entries(lane=lane, clock=timezone.now).keys() & set(TOLD_TOPICS):
        send_due_deliveries.delay()


@shared_task(ignore_result=True)
def send_due_deliveries(*args: object, **kwargs: object) -> None:
    """Bring due deliveries to their endpoints; started after each drain, and by beat."""
    send_due(clock=timezone.now)


@shared_task(ignore_result=True)
def forget_old_bodies(*args: object, **kwargs: object) -> None:
    """Forget what webhooks carried once nobody needs it any more; started by beat."""
    forget_bodies(at=timezone.now())
