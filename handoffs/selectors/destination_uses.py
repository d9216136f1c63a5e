"""What of the working copy points at a destination."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from handoffs.models import Destination, ForbiddenTopic, Reason, Topic


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that points at a destination. words: what it is; url_name, argument: its page, where there is one."""

    words: str
    url_name: str
    argument: str = ""


def find_uses(destination: Destination) -> tuple[Use, ...]:
    """Topics, reasons, forbidden topics and other destinations of the project that name it. Releases keep their own
    copy and are never in the way."""
    return tuple(_find_uses(destination))


def _find_uses(destination: Destination) -> Iterator[Use]:
    project, key = destination.project_id, destination.key
    for topic in Topic.objects.filter(project=project, action__destination=key).order_by("name"):
        yield Use(_("Topic {name}").format(name=topic.name), "topics")
    for reason in Reason.objects.filter(project=project, destination_key=key).order_by("label"):
        yield Use(_("Reason {name}").format(name=reason.label), "reason", str(reason.pk))
    for forbidden in ForbiddenTopic.objects.filter(project=project, destination_key=key).order_by("name"):
        yield Use(_("Forbidden topic {name}").format(name=forbidden.name), "forbidden-topic", str(forbidden.pk))
    others = Destination.objects.filter(project=project, fallback_key=key).exclude(pk=destination.pk)
    for other in others.order_by("name"):
        yield Use(_("Fallback of {name}").format(name=other.name), "destination-edit", str(other.pk))
