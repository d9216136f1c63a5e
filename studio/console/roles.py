"""Roles and permissions in words, and the table of which role holds which permission."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Role


@dataclass(frozen=True, slots=True)
class RoleWords:
    """What a role is called, and what it is for in one sentence."""

    name: str | Promise
    about: str | Promise


@dataclass(frozen=True, slots=True)
class Right:
    """One permission in words, and for each role, in the vocabulary's order, whether it holds it."""

    permission: Permission
    words: str | Promise
    held: tuple[bool, ...]


ROLE_WORDS: dict[Role, RoleWords] = {
    Role.OWNER: RoleWords(_("Owner"), _("Everything, and who else is an owner")),
    Role.ADMIN: RoleWords(_("Admin"), _("Configures the project, its people and keys; reads conversations")),
    Role.SUPERVISOR: RoleWords(_("Supervisor"), _("Works and watches the inbox, judges handoffs, reads reports")),
    Role.AGENT: RoleWords(_("Agent"), _("Works the inbox: claims, replies, closes")),
    Role.REVIEWER: RoleWords(_("Reviewer"), _("Reads handed-off conversations and judges them")),
    Role.DEVELOPER: RoleWords(_("Developer"), _("API keys, webhooks and integrations; no customer data in the clear")),
}
_P = Permission
PERMISSION_WORDS: dict[Permission, str | Promise] = {
    _P.CONVERSATIONS_VIEW: _("Read conversations"),
    _P.PII_VIEW: _("See names, addresses and what customers wrote"),
    _P.INBOX_VIEW: _("Open the inbox"),
    _P.INBOX_REPLY: _("Claim, reply and close"),
    _P.INBOX_SUPERVISE: _("Watch others work"),
    _P.REVIEW_VIEW: _("Open the review"),
    _P.REVIEW_ANNOTATE: _("Judge handoffs"),
    _P.REPORTS_VIEW: _("Read reports"),
    _P.DESTINATIONS_EDIT: _("Edit destinations and hours"),
    _P.SETTINGS_EDIT: _("Edit handoff settings"),
    _P.TOPICS_EDIT: _("Edit topics"),
    _P.RELEASE_PUBLISH: _("Publish to live"),
    _P.INTEGRATIONS_EDIT: _("Edit integrations and lines"),
    _P.WEBHOOKS_EDIT: _("Edit webhooks"),
    _P.API_KEYS_EDIT: _("Make and revoke API keys"),
    _P.PEOPLE_EDIT: _("Invite people and change roles"),
    _P.AUDIT_VIEW: _("Read the audit"),
    _P.PROJECT_REMOVE: _("Delete the project"),
}


def read_rights() -> list[Right]:
    """Every permission, in the order of the words."""
    return [
        Right(permission, words, tuple(permission in ROLE_PERMISSIONS[role] for role in Role))
        for permission, words in PERMISSION_WORDS.items()
    ]


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One checkbox. why_locked: why it cannot be changed here, empty when it can."""

    role: Role
    words: RoleWords
    is_chosen: bool
    why_locked: str | Promise = ""


def role_choices(
    chosen: Collection[str], *, is_owner: bool, is_last_owner: bool = False, held: Collection[Role] = ()
) -> list[RoleChoice]:
    """Every role as a checkbox; the owner's is locked for everybody else, and for the last one. What is locked stays
    as it is held, whatever was posted."""
    why = (
        _("Only an owner gives or takes it") if not is_owner else _("The last owner stays one") if is_last_owner else ""
    )
    return [
        RoleChoice(
            role, words, role in (held if role is Role.OWNER and why else chosen), why if role is Role.OWNER else ""
        )
        for role, words in ROLE_WORDS.items()
    ]


def role_names(roles: tuple[Role, ...]) -> list[str]:
    return [str(ROLE_WORDS[role].name) for role in roles]
