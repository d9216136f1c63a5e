"""Every permission of every app in one literal, and the roles that hold them."""

from collections.abc import Iterable
from enum import StrEnum

from conversations.domain.vocabulary import Role


class Permission(StrEnum):
    CONVERSATIONS_VIEW = "conversations.view"
    PII_VIEW = "pii.view"
    INBOX_VIEW = "inbox.view"
    INBOX_REPLY = "inbox.reply"
    INBOX_SUPERVISE = "inbox.supervise"
    REVIEW_VIEW = "review.view"
    REVIEW_ANNOTATE = "review.annotate"
    DESTINATIONS_EDIT = "destinations.edit"
    SETTINGS_EDIT = "settings.edit"
    TOPICS_EDIT = "topics.edit"
    RELEASE_PUBLISH = "release.publish"
    INTEGRATIONS_EDIT = "integrations.edit"
    WEBHOOKS_EDIT = "webhooks.edit"
    API_KEYS_EDIT = "api_keys.edit"
    PEOPLE_EDIT = "people.edit"
    REPORTS_VIEW = "reports.view"
    AUDIT_VIEW = "audit.view"
    PROJECT_REMOVE = "project.remove"


_P = Permission
_CONFIGURE = {
    _P.DESTINATIONS_EDIT,
    _P.SETTINGS_EDIT,
    _P.TOPICS_EDIT,
    _P.RELEASE_PUBLISH,
    _P.INTEGRATIONS_EDIT,
    _P.WEBHOOKS_EDIT,
    _P.API_KEYS_EDIT,
    _P.PEOPLE_EDIT,
    _P.AUDIT_VIEW,
}
_WATCH = {_P.CONVERSATIONS_VIEW, _P.PII_VIEW}
_WORK = {*_WATCH, _P.INBOX_VIEW, _P.INBOX_REPLY}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset({*_CONFIGURE, *_WATCH, _P.INBOX_VIEW, _P.REVIEW_VIEW, _P.REPORTS_VIEW}),
    Role.SUPERVISOR: frozenset({*_WORK, _P.INBOX_SUPERVISE, _P.REVIEW_VIEW, _P.REVIEW_ANNOTATE, _P.REPORTS_VIEW}),
    Role.AGENT: frozenset(_WORK),
    # A transcript without its words cannot be judged: reviewers see what was said.
    Role.REVIEWER: frozenset({*_WATCH, _P.REVIEW_VIEW, _P.REVIEW_ANNOTATE, _P.REPORTS_VIEW}),
    Role.DEVELOPER: frozenset({_P.CONVERSATIONS_VIEW, _P.API_KEYS_EDIT, _P.WEBHOOKS_EDIT, _P.INTEGRATIONS_EDIT}),
}


class ApiScope(StrEnum):
    """What a project's API key may do; a personal token has its owner's permissions instead."""

    HANDOFF = "handoff"
    CHAT = "chat"
    CONVERSATIONS = "conversations"
    OUTCOMES = "outcomes"


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """Return the union of what the roles hold."""
    return frozenset().union(*(ROLE_PERMISSIONS[Role(role)] for role in roles))
