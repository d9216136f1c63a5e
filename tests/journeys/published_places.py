"""Run by `manage.py shell`: two more destinations for the demo, and what a customer says to be led there.

One is the customer's own app's business; at the other nobody is.
"""

from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import Membership, Project
from handoffs.models import Destination, Queue, Topic
from handoffs.services.releases import publish_release

PLACES = (
    {"key": "app", "desk_key": "client", "client_queue_name": "Phone line", "client_route": "tel:+442079460123"},
    {"key": "closed", "queue_key": "closed", "after_timeout": "end"},
    {"key": "slow", "queue_key": "slow", "after_timeout": "end", "wait_limit_seconds": 1},
)

project = Project.objects.get(is_demo=True)
owner = Membership.objects.filter(project=project, role=Role.OWNER).earliest("pk").user
for key, is_on in (("closed", False), ("slow", True)):
    Queue.objects.create(project=project, key=key, name=f"The {key} queue", is_on=is_on)
for place in PLACES:
    key = place["key"]
    Destination.objects.create(project=project, name=f"The {key} place", **place)
    Topic.objects.create(
        project=project,
        key=key,
        name=f"The {key} place",
        questions=[f"Zanzibar {key} kumquat", f"Zanzibar {key} kumquat desk"],
        content="It is there.",
        action={"destination": key, "reason": "needs_human", "utterance": "I'm passing you on."},
    )
publish_release(project=project, publisher=owner, at=timezone.now())
