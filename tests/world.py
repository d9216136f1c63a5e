"""One row of everything an address can name, for the tests that walk all addresses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import ApiKey, Connector, Conversation, Invitation, Project, User
from conversations.services.api_keys import create_personal_token, create_project_key
from handoffs.models import Destination, ForbiddenTopic, Line, Queue, Reason, Schedule
from integrations.domain.signing import new_secret
from integrations.models import Delivery, Sealed, WebhookEndpoint
from studio.console.trial_handoff import ASKED_BY

Names = dict[str, Any]


@dataclass
class World:
    """A project with one row of each kind. conversation: claimed, and its handoff can be reviewed."""

    project: Project
    owner: User
    conversation: Conversation
    connector: Connector
    key: ApiKey
    token: ApiKey
    endpoint: WebhookEndpoint
    delivery: Delivery
    reason: Reason
    schedule: Schedule
    topic: ForbiddenTopic
    line: Line
    invitation: Invitation

    def hand_to(self, user: User) -> None:
        """Let the conversation be a test handoff this person sent."""
        Conversation.objects.filter(pk=self.conversation.pk).update(options={ASKED_BY: str(user.pk)})

    @property
    def queue(self) -> Queue:
        return Queue.objects.get(project=self.project)

    @property
    def destination(self) -> Destination:
        return Destination.objects.get(project=self.project)


def create_world(*, project: Project, owner: User, conversation: Conversation, connector: Connector) -> World:
    Project.objects.filter(pk=project.pk).update(is_demo=True)
    endpoint = WebhookEndpoint.objects.create(
        project=project, environment="live", name="CRM", url="https://127.0.0.1/", secret=Sealed.of(new_secret())
    )
    return World(
        project=project,
        owner=owner,
        conversation=conversation,
        connector=connector,
        key=create_project_key(
            project=project, environment=Environment.LIVE, name="Chat", scopes=[ApiScope.CHAT]
        )[0],
        token=create_personal_token(user=owner, name="Script")[0],
        endpoint=endpoint,
        delivery=Delivery.objects.create(
            endpoint=endpoint, event="handoff.created", event_id=conversation.pk, body={"id": "1"}, ordering_key="1",
            conversation_id=conversation.pk, state="dead", attempts=12, last_status=503, last_error="503",
        ),
        reason=Reason.objects.get(project=project),
        schedule=Schedule.objects.create(project=project, key="office", name="Office", time_zone="Europe/London"),
        topic=ForbiddenTopic.objects.create(
            project=project, key="legal", name="Legal threats", description="Anything about going to court"
        ),
        line=Line.objects.create(
            project=project, environment="live", key="trunk", name="Main trunk", domain="sbc.example.com"
        ),
        invitation=Invitation.objects.create(
            project=project, email="nora@example.com", roles=["agent"], digest="0" * 64, invited_by=owner,
            expires_at=timezone.now() + timedelta(days=7),
        ),
    )  # fmt: skip


def of(field: str, argument: str = "pk") -> Callable[[World], Names]:
    return lambda world: {argument: getattr(world, field).pk}


def in_inbox(world: World) -> Names:
    return {"conversation_id": world.conversation.pk}


def at_desk(world: World) -> Names:
    return {"project_id": world.project.pk, "conversation_id": world.conversation.pk}


def in_project(world: World) -> Names:
    return {"project_id": world.project.pk}


def of_delivery(world: World) -> Names:
    return {"pk": world.endpoint.pk, "delivery_id": world.delivery.pk}


# What an address names, by the address.
OBJECTS: Mapping[str, Callable[[World], Names]] = {
    "first-run-trial": of("conversation"),
    "api-key-revoke": of("key"),
    "personal-token-revoke": of("token", "token_id"),
    "connector": of("connector"),
    "connector-rotate": of("connector"),
    "webhook": of("endpoint"),
    "webhook-edit": of("endpoint"),
    "webhook-secret": of("endpoint"),
    "webhook-ping": of("endpoint"),
    "webhook-delivery": of_delivery,
    "webhook-replay": of_delivery,
    **dict.fromkeys(
        (
            "inbox-conversation",
            "inbox-claim",
            "inbox-reply",
            "inbox-note",
            "inbox-draft",
            "inbox-close",
            "inbox-return",
            "review-conversation",
            "review-verdict",
            "review-mark",
        ),
        in_inbox,
    ),
    "desk-inbox": in_project,
    "desk-claim-next": in_project,
    "desk-presence": in_project,
    **dict.fromkeys(
        (
            "desk-conversation",
            "desk-claim",
            "desk-messages",
            "desk-notes",
            "desk-typing",
            "desk-return",
            "desk-close",
            "desk-events",
        ),
        at_desk,
    ),
}
