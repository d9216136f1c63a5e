"""What of the working copy, and who in the lines, uses a reason or a queue."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoffs.models import Destination, ForbiddenTopic, Queue, Reason, Topic
from handoffs.selectors.destination_uses import Use
from handoffs.selectors.queues import Waiting, count_waiting


def find_reason_uses(reason: Reason) -> tuple[Use, ...]:
    """Topics and forbidden topics that hand over with it. Releases and past handoffs keep their own copy."""
    return tuple(_reason_uses(reason))


def find_queue_uses(queue: Queue, *, waiting: Waiting | None = None) -> tuple[Use, ...]:
    """Conversations that wait in it, and destinations that feed it. waiting: when it was counted already."""
    return tuple(_queue_uses(queue, waiting if waiting is not None else count_waiting(queue)))


def _reason_uses(reason: Reason) -> Iterator[Use]:
    project, code = reason.project_id, reason.code
    for topic in Topic.objects.filter(project=project, action__reason=code).order_by("name"):
        yield Use(_("Topic {name}").format(name=topic.name), "topics")
    for forbidden in ForbiddenTopic.objects.filter(project=project, reason_code=code).order_by("name"):
        yield Use(_("Forbidden topic {name}").format(name=forbidden.name), "forbidden-topic", str(forbidden.pk))


def _queue_uses(queue: Queue, waiting: Waiting) -> Iterator[Use]:
    if number := waiting.conversations:
        words = ngettext("{number} conversation waits in it", "{number} conversations wait in it", number)
        yield Use(words.format(number=number), "inbox")
    for destination in Destination.objects.filter(project=queue.project_id, queue_key=queue.key).order_by("name"):
        words = _("Destination {name}").format(name=destination.name)
        yield Use(words, "destination-edit", str(destination.pk))
