"""Every page of the console, and the rows it is looked at with: many of them, with names as long as names get."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from conversations.models import Connector, Conversation, Customer, Membership, User
from handoffs.models import Destination, ForbiddenTopic, Line, Queue, Reason, Schedule
from integrations.models import WebhookEndpoint
from tests.world import OBJECTS, World

LONG = "Donaudampfschifffahrtsgesellschaft und Vertragsangelegenheiten der Großkundenbetreuung Süd"
UNBROKEN = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz"
DAY = (("08:00", "12:30"), ("13:15", "20:00"))
HOURS = [
    {"day": day, "start": start, "end": end}
    for day in range(6)
    for start, end in (("08:00", "12:30"), ("13:15", "20:00"))
]


@dataclass(frozen=True)
class Shown:
    """One page. query: what follows its address."""

    name: str
    query: str = ""

    def url(self, world: World) -> str:
        return reverse(self.name, kwargs=OBJECTS[self.name](world) if self.name in OBJECTS else {}) + self.query

    def __str__(self) -> str:
        return self.name + self.query


PAGES: Sequence[Shown] = (
    Shown("home"),
    Shown("inbox", "?view=waiting"),
    Shown("inbox-conversation"),
    Shown("review"),
    Shown("review-conversation"),
    Shown("destinations"),
    Shown("destinations", "?q=nothing+is+called+that"),
    Shown("destination-new"),
    Shown("destination-edit"),
    Shown("settings"),
    Shown("trigger-test"),
    Shown("collected-data"),
    Shown("forbidden-topics"),
    Shown("forbidden-topic-add"),
    Shown("forbidden-topic"),
    Shown("reasons"),
    Shown("reason-add"),
    Shown("reason"),
    Shown("queues"),
    Shown("queue-add"),
    Shown("queue"),
    Shown("channel-weights"),
    Shown("calibration"),
    Shown("person-work"),
    Shown("unanswered"),
    Shown("project-settings"),
    Shown("hours"),
    Shown("hours-add"),
    Shown("hours-edit"),
    Shown("hours-import"),
    Shown("coverage"),
    Shown("integrations"),
    Shown("line-add"),
    Shown("line"),
    Shown("connection-add"),
    Shown("connection"),
    Shown("releases"),
    Shown("people"),
    Shown("people", "?q=nobody+is+called+that"),
    Shown("person"),
    Shown("roles"),
    Shown("invitations"),
    Shown("invite"),
    Shown("teams"),
    Shown("team-add"),
    Shown("team"),
    Shown("api-keys"),
    Shown("api-key-add"),
    Shown("personal-tokens"),
    Shown("connectors"),
    Shown("connector-add"),
    Shown("connector"),
    Shown("webhooks"),
    Shown("webhook-add"),
    Shown("webhook"),
    Shown("webhook-edit"),
    Shown("webhook-delivery"),
    Shown("audit"),
    Shown("health"),
    Shown("profile"),
    Shown("projects"),
    Shown("project-create"),
    Shown("project-delete"),
    Shown("demo-remove"),
)
# Pages before there is anybody, or for who is nobody yet.
OUTSIDE: Sequence[Shown] = (Shown("login"), Shown("password-forgot"))
# Pages that say something else while there is nothing to show.
EMPTY: Sequence[Shown] = tuple(
    Shown(name)
    for name in (
        "home", "inbox", "review", "destinations", "collected-data", "forbidden-topics", "reasons", "queues",
        "unanswered", "hours", "coverage", "integrations", "releases", "people", "invitations", "teams", "api-keys",
        "personal-tokens", "connectors", "webhooks", "audit", "health", "projects",
    )
)  # fmt: skip
# Addresses that answer a part of a page, or only do something.
NO_PAGES = frozenset(
    {
        "first-run", "first-run-hide", "first-run-test", "first-run-trial", "palette", "release-publish",
        "inbox-claim-next", "inbox-presence", "inbox-claim", "inbox-reply", "inbox-note", "inbox-draft",
        "inbox-close", "inbox-return", "inbox-targets", "inbox-transfer", "inbox-takeover",
        "inbox-offer-accept", "inbox-offer-decline", "inbox-snooze", "inbox-wake", "inbox-wrap-up-done",
        "review-verdict", "review-mark", "ws-ticket",
        "destination-preview", "destination-preview-new", "destination-test", "destination-duplicate",
        "destination-default",
        "destination-delete", "destination-method", "destinations-reset-method", "lines-reset-destinations",
        "settings-preview", "settings-last-week", "forbidden-topic-try", "calibration-threshold",
        "fallback-chains", "forbidden-topic-delete", "reason-delete", "queue-delete",
        "hours-add-preview", "hours-regions", "hours-preview", "hours-duplicate", "hours-delete",
        "hours-import-add", "hours-coverage",
        "coverage-result", "line-copy", "line-delete", "email-test",
        "connection-test", "connection-copy", "connection-delete", "responder-choose",
        "person-roles", "person-remove", "person-link", "person-deactivate", "person-reactivate",
        "invitation-renew", "invitation-revoke",
        "team-delete", "api-key-revoke", "api-key-rotate", "personal-token-add", "personal-token-revoke",
        "connector-rotate",
        "webhook-secret", "webhook-ping", "webhook-replay", "audit-export",
        "profile-name", "profile-password", "profile-sessions", "project-restore",
    }
)  # fmt: skip


def fill(world: World) -> None:
    """Make lists long and texts wide."""
    project = world.project
    Queue.objects.create(project=project, key="long", name=LONG, dispositions=[{"code": "done", "label": LONG}])
    Destination.objects.bulk_create(
        [
            Destination(
                project=project, key="long", name=LONG, description=f"{LONG}. {UNBROKEN}", queue_key="long",
                schedule_key="office", fallback_key="billing", utterance=LONG, method="invite",
                route=f"sips:{UNBROKEN.lower()}@sbc.example.com;transport=tls", headers=[
                    {"name": "X-Customer-Reference-Number-Of-The-Caller", "value": f"$conversation_id-{UNBROKEN}",
                     "when_missing": "drop"}],
            ),
            Destination(project=project, key="unbroken", name=UNBROKEN, queue_key="billing", description=UNBROKEN),
            *(
                Destination(project=project, key=f"desk-{number}", name=f"Desk {number}", queue_key="billing")
                for number in range(28)
            ),
        ]
    )  # fmt: skip
    Schedule.objects.filter(pk=world.schedule.pk).update(intervals=HOURS, country="GB", subdivision="ENG")
    Schedule.objects.create(project=project, key="long", name=LONG, time_zone="America/Argentina/ComodRivadavia")
    Reason.objects.create(project=project, code="long_" + "x" * 40, label=LONG, destination_key="long", is_urgent=True)
    ForbiddenTopic.objects.create(
        project=project,
        key="long",
        name=LONG,
        description=f"{LONG} {UNBROKEN}",
        examples=[UNBROKEN],
        reason_code="needs_human",
    )
    Line.objects.create(
        project=project, environment="live", key="long", name=LONG, domain=f"{UNBROKEN.lower()}.example.com"
    )
    Connector.objects.create(project=project, environment="live", name=LONG, hosts=[f"{UNBROKEN.lower()}.example.com"])
    WebhookEndpoint.objects.filter(pk=world.endpoint.pk).update(url=f"https://example.com/{UNBROKEN}/{UNBROKEN}")
    for number in range(3):
        person = User.objects.create_user(f"{UNBROKEN.lower()}{number}@example.com", full_name=f"{LONG} {number}")
        Membership.objects.create(user=person, project=project, role="supervisor")
    Customer.objects.filter(pk=Conversation.objects.get(pk=world.conversation.pk).customer_id).update(name=LONG)
