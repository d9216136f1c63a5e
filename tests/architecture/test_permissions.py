"""Who may open what: every address of the console and the APIs, for every role, read and written.

The addresses are walked, so that a new one without a line here fails, and so does a line without an address.
"""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Role
from conversations.models import User
from tests.addresses import ADDRESSES, url_of
from tests.conftest import member
from tests.world import OBJECTS, World

_P = Permission
METHODS = ("GET", "POST")

# What is open to everybody, or asks for another proof than a person's log-in. Nothing else may be left out.
OPEN = {
    "healthz": "the process is up: for load balancers",
    "readyz": "what is missing, by part: for load balancers",
    "login": "where people come from who are nobody yet",
    "logout": "ends whatever session there is",
    "demo": "a customer's page",
    "welcome": "makes the first person, while there is none",
    "admin/login/": "leads Django's admin to our own log-in",
    "join": "an invitation's link: its secret is asked for",
    "join-leave": "ends one's own session, to follow an invitation",
    "password-forgot": "where people come from who cannot log in",
    "password-new": "a reset link: its secret is asked for",
    "access-token": "Messaging API: a connector's token",
    "sessions": "Messaging API: an access token",
    "handoff-cancel": "Messaging API: a session's own token",
    "session-client-result": "Messaging API: a session's own token",
    "handoff-state": "Handoff API: a project's key",
    "handoffs": "Handoff API: a project's key",
    "handoff": "Handoff API: a project's key",
    "handoff-set-state": "Handoff API: a project's key",
    "handoff-client-result": "Handoff API: a project's key",
    **dict.fromkeys(("chat-create", "chat-respond", "chat-close"), "Chat API: a project's key and a connector's token"),
    **dict.fromkeys(
        ("conversations", "conversation", "conversations-v4", "conversation-v4", "conversation-recording"),
        "Conversations API: a project's key",
    ),
    "outcome": "Outcomes API: a project's key",
    "api-schema": "the interfaces' description, the same for everybody",
    "api-docs": "the interfaces' description, to read",
}

# What each address takes; None: to be a member of the project, whatever the role.
TAKEN: Mapping[Permission | None, tuple[str, ...]] = {
    None: (
        "home", "first-run", "first-run-hide", "palette", "personal-tokens", "personal-token-add",
    ),
    _P.PROJECT_REMOVE: ("demo-remove", "project-delete"),
    _P.INBOX_VIEW: ("inbox", "inbox-conversation", "desk-inbox", "desk-conversation", "desk-events"),
    _P.INBOX_REPLY: (
        "inbox-targets", "inbox-transfer", "inbox-takeover",
        "inbox-claim-next", "inbox-presence", "inbox-claim", "inbox-reply", "inbox-note", "inbox-draft",
        "inbox-close", "inbox-return", "first-run-test", "first-run-trial", "desk-claim-next", "desk-claim",
        "desk-messages", "desk-notes", "desk-typing", "desk-return", "desk-close", "desk-presence",
        "inbox-offer-accept", "inbox-offer-decline", "inbox-snooze", "inbox-wake", "inbox-wrap-up-done", "desk-agent",
        "desk-offer-accept", "desk-offer-decline", "desk-snooze", "desk-wake", "desk-wrap-up-done",
        "desk-transfer", "desk-takeover",
    ),
    _P.INBOX_SUPERVISE: ("desk-reassign", "desk-watch", "desk-whisper", "desk-barge"),
    _P.REVIEW_VIEW: ("review", "review-conversation"),
    _P.REVIEW_ANNOTATE: ("review-verdict", "review-mark"),
    _P.DESTINATIONS_EDIT: (
        "destinations", "destination-new", "destination-preview-new", "destination-edit", "destination-preview",
        "destination-test", "destination-duplicate", "destination-default", "destination-delete",
        "destination-method", "destinations-reset-method", "lines-reset-destinations",
    ),
    _P.SETTINGS_EDIT: (
        "settings", "settings-preview", "settings-last-week", "trigger-test", "forbidden-topic-try",
        "collected-data", "project-settings", "unanswered", "fallback-chains",
        "forbidden-topics", "forbidden-topic-add", "forbidden-topic", "forbidden-topic-delete",
        "reasons", "reason-add", "reason", "reason-delete", "queues", "queue-add", "queue", "queue-delete",
        "channel-weights", "calibration", "calibration-threshold",
        "hours", "hours-add", "hours-add-preview", "hours-regions", "hours-edit", "hours-preview",
        "hours-duplicate", "hours-delete", "hours-import", "hours-import-add", "hours-coverage",
        "coverage", "coverage-result",
    ),
    _P.RELEASE_PUBLISH: ("releases", "release-publish"),
    _P.INTEGRATIONS_EDIT: (
        "integrations", "line-add", "line", "line-copy", "line-delete", "email-test", "health",
        "connection-add", "connection", "connection-test", "connection-copy", "connection-delete", "responder-choose",
    ),
    _P.PEOPLE_EDIT: (
        "people", "roles", "person", "person-work", "person-roles", "person-remove", "person-link", "person-deactivate",
        "person-reactivate", "invitations", "invite", "invitation-renew", "invitation-revoke",
        "teams", "team-add", "team", "team-delete",
    ),
    _P.API_KEYS_EDIT: (
        "api-keys", "api-key-add", "api-key-revoke", "api-key-rotate", "connectors", "connector-add", "connector",
        "connector-rotate",
    ),
    _P.WEBHOOKS_EDIT: (
        "webhooks", "webhook-add", "webhook", "webhook-edit", "webhook-secret", "webhook-ping", "webhook-delivery",
        "webhook-replay",
    ),
    _P.AUDIT_VIEW: ("audit", "audit-export"),
}  # fmt: skip
NEEDED = {name: permission for permission, names in TAKEN.items() for name in names}

# About the person alone: others are kept out by what they ask for, not by a role in a project.
OWN: Mapping[str, str] = {
    "ws-ticket": "a ticket for one's own sockets, which ask again what one may see",
    "personal-token-revoke": "one's own tokens only: another's is a 404 for everybody",
    "profile": "one's own name, password and sessions",
    "profile-name": "one's own name",
    "profile-password": "one's own password",
    "profile-sessions": "one's own sessions",
    "projects": "the projects one belongs to",
    "project-create": "in the account in which one owns or administers a project",
    "project-restore": "a deleted project one owns: another's is a 404",
}


def test_every_address_has_a_line_and_every_line_an_address():
    known = {*NEEDED, *OPEN, *OWN}
    assert sorted(ADDRESSES.keys() - known) == [], "these addresses say nowhere what they take"
    assert sorted(known - ADDRESSES.keys()) == [], "these lines have no address"


def test_no_address_stands_in_two_places():
    names = [*OPEN, *OWN, *(name for names in TAKEN.values() for name in names)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("name", sorted(NEEDED.keys() & ADDRESSES.keys()))
def test_a_view_says_itself_what_it_takes(name):
    view = ADDRESSES[name].view
    said = getattr(view, "permission", NEEDED[name])
    assert getattr(getattr(view, "cls", None), "needs", said) == NEEDED[name]


def ask(client: Client, name: str, method: str, world: World) -> int:
    """The status of one request; whatever it did is undone."""
    url = url_of(name, world)
    asked = {"project": str(world.project.pk)}
    with transaction.atomic():
        if name.startswith("desk-"):
            answer = client.generic(method, url, b"{}" if method == "POST" else b"", "application/json")
        else:
            answer = client.get(url, asked) if method == "GET" else client.post(url, asked)
        transaction.set_rollback(True)
    return answer.status_code


def logged_in(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def complaints(world: World, user: User | None, is_right: Callable[[str, int], bool]) -> list[str]:
    """Every answer that is not right; a method nobody may use is refused to the owner as well."""
    asking, owner = logged_in(user), logged_in(world.owner)
    found = []
    for name in sorted(NEEDED.keys() & ADDRESSES.keys()):
        for method in METHODS:
            status = ask(asking, name, method, world)
            unknown = status == 405 and (user is None or ask(owner, name, method, world) == 405)
            if not (is_right(name, status) or unknown):
                found.append(f"{method} {name}: {status}")
    return found


def test_strangers_are_asked_to_log_in(world):
    assert complaints(world, None, lambda name, status: status in (302, 401)) == []


def test_for_the_people_of_another_project_nothing_is_there(world, outsider):
    assert complaints(world, outsider, lambda name, status: status == 404) == []


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_its_permissions_allow_and_nothing_else(world, role):
    somebody = member(world.project, role, f"{role.value.capitalize()} Person")
    granted = ROLE_PERMISSIONS[role]
    world.hand_to(somebody)

    def is_right(name: str, status: int) -> bool:
        needed = NEEDED[name]
        if needed is None or needed in granted:
            return status not in (401, 403, 404) and status < 500
        return status in (403, 404)

    assert complaints(world, somebody, is_right) == []


def test_somebody_deactivated_is_a_stranger(world, agent):
    client = logged_in(agent)
    User.objects.filter(pk=agent.pk).update(is_active=False)
    assert client.get(reverse("inbox")).status_code == 302


@pytest.mark.parametrize("name", sorted(OWN))
def test_what_is_about_the_person_alone_asks_strangers_to_log_in(world, name):
    for method in METHODS:
        assert ask(logged_in(None), name, method, world) in (302, 401, 405)


def test_nobody_revokes_anothers_token(world, agent):
    answer = logged_in(agent).post(reverse("personal-token-revoke", kwargs=OBJECTS["personal-token-revoke"](world)))
    assert answer.status_code == 404


def test_an_id_nobody_has_is_as_absent_as_anothers(world):
    client = logged_in(world.owner)
    absent: dict[str, Any] = {"pk": uuid.uuid4()}
    assert client.get(reverse("connector", kwargs=absent)).status_code == 404
