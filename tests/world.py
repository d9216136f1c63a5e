"""One row of everything an address can name, for the tests that walk all addresses."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from conversations.domain.permissions import ApiScope
from conversations.domain.vocabulary import Environment
from conversations.models import ApiKey, Connector, Conversation, Invitation, Project, Team, User
from conversations.services.api_keys import create_personal_token, create_project_key
from handoffs.models import Destination, ForbiddenTopic, Handoff, Line, Offer, Queue, Reason, Schedule
from integrations.domain.responder_settings import HttpSettings
from integrations.domain.signing import new_secret
from integrations.models import Connection, Delivery, Sealed, WebhookEndpoint
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
    agent_connection: Connection
    invitation: Invitation
    person: User
    team: Team
    offer: Offer

    def hand_to(self, user: User) -> None:
        """Let the conversation be a test handoff this person sent, and the offer one that was made to them."""
        Conversation.objects.filter(pk=self.conversation.pk).update(options={ASKED_BY: str(user.pk)})
        Offer.objects.filter(pk=self.offer.pk).update(agent=user)

    @property
    def queue(self) -> Queue:
        return Queue.objects.get(project=self.project, key="billing")

    @property
    def destination(self) -> Destination:
        return Destination.objects.get(project=self.project, key="billing")


def create_world(
    *, project: Project, owner: User, member: User, conversation: Conversation, connector: Connector
) -> World:
    """Add to the shared cast's project what it lacks; `member`: one of its people who is not the owner."""
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
        agent_connection=Connection.objects.create(
            project=project, environment="live", key="agent", kind="http_responder", name="Own agent",
            settings={**asdict(HttpSettings(url="https://agent.example.com/turns"))},
        ),
        invitation=Invitation.objects.create(
            project=project, email="nora@example.com", roles=["agent"], digest="0" * 64, invited_by=owner,
            expires_at=timezone.now() + timedelta(days=7),
        ),
        person=member,
        team=Team.objects.create(project=project, key="care", name="Care"),
        offer=Offer.objects.create(
            handoff=Handoff.objects.get(pk=str(conversation.handoff_id)), conversation=conversation, project=project,
            agent=owner, channel=conversation.channel, state="withdrawn", offered_at=timezone.now(),
            expires_at=timezone.now(), ended_at=timezone.now(),
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


def by_key(world: World) -> Names:
    return {"account_id": world.project.account_id, "project_id": world.project.pk}


def handoff_by_key(world: World) -> Names:
    return {**by_key(world), "handoff_id": world.conversation.handoff_id}


def conversation_by_key(world: World) -> Names:
    return {**by_key(world), "conversation_id": world.conversation.pk}


def of_delivery(world: World) -> Names:
    return {"pk": world.endpoint.pk, "delivery_id": world.delivery.pk}


def named(names: str, find: Callable[[World], Names]) -> Mapping[str, Callable[[World], Names]]:
    return dict.fromkeys(names.split(), find)


# What an address names, by the address.
OBJECTS: Mapping[str, Callable[[World], Names]] = {
    **named(
        "destination-edit destination-preview destination-test destination-duplicate destination-default"
        " destination-delete destination-method",
        of("destination"),
    ),
    **named("forbidden-topic forbidden-topic-delete", of("topic")),
    **named("reason reason-delete", of("reason")),
    **named("queue queue-delete", of("queue")),
    **named(
        "hours-edit hours-preview hours-duplicate hours-delete hours-import hours-import-add hours-coverage",
        of("schedule"),
    ),
    **named("line line-copy line-delete", of("line")),
    "line-add": lambda world: {"kind": "sip_trunk"},
    **named("connection connection-test connection-copy connection-delete", of("agent_connection")),
    "connection-add": lambda world: {"kind": "openai_compatible"},
    "responder-choose": lambda world: {"key": "agent"},
    **named("invitation-renew invitation-revoke", of("invitation")),
    **named(
        "person person-work person-roles person-remove person-link person-deactivate person-reactivate",
        of("person", "person_id"),
    ),
    **named("team team-delete", of("team")),
    "project-restore": in_project,
    "first-run-trial": of("conversation"),
    **named("api-key-revoke api-key-rotate", of("key")),
    "personal-token-revoke": of("token", "token_id"),
    "connector": of("connector"),
    "connector-rotate": of("connector"),
    **named("webhook webhook-edit webhook-secret webhook-ping", of("endpoint")),
    **named("webhook-delivery webhook-replay", of_delivery),
    **named(
        "inbox-conversation inbox-claim inbox-reply inbox-note inbox-draft inbox-close inbox-return"
        " inbox-snooze inbox-wake inbox-wrap-up-done inbox-targets inbox-transfer inbox-takeover"
        " review-conversation review-verdict review-mark",
        in_inbox,
    ),
    **named("desk-inbox desk-claim-next desk-presence desk-agent", in_project),
    **named("handoff-state handoffs chat-create chat-respond chat-close conversations conversations-v4", by_key),
    **named("conversation conversation-v4 conversation-recording", conversation_by_key),
    **named("inbox-offer-accept inbox-offer-decline", of("offer", "offer_id")),
    **named(
        "desk-offer-accept desk-offer-decline",
        lambda world: {**in_project(world), "offer_id": world.offer.pk},
    ),
    **named("handoff-cancel session-client-result", of("conversation", "session_id")),
    "outcome": lambda world: {**by_key(world), "shared_id": "case-7"},
    **named("handoff handoff-set-state handoff-client-result", handoff_by_key),
    **named(
        "desk-conversation desk-claim desk-messages desk-notes desk-typing desk-return desk-close desk-events"
        " desk-snooze desk-wake desk-wrap-up-done desk-transfer desk-takeover desk-reassign desk-watch desk-whisper"
        " desk-barge",
        at_desk,
    ),
}
