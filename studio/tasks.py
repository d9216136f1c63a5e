"""Celery tasks of the console."""

import logging

from celery import shared_task

from studio.mail import NotSent, NotSetUp
from studio.password_links import send_reset_link

logger = logging.getLogger(__name__)


@shared_task
def mail_reset_link(*, email: str, **kwargs: object) -> None:
    """In a task and by the address that was typed: the page answers as fast for an address nobody has.

    A mail that does not go out is not tried again: the person asks again, or an admin makes a link.
    """
    try:
        send_reset_link(email=email)
    except (NotSetUp, NotSent) as error:
        logger.error("a reset link was not mailed: %s", error)
