"""The audit of a project, found by who, what, when and any text of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from conversations.models import AuditEntry, Project, User

MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. noun: of the action; since, until: aware instants, the second not included."""

    person: User | None = None
    noun: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def find_entries(project: Project, wanted: Wanted) -> QuerySet[AuditEntry]:
    """The entries of the project that fit, in no order yet, with who they are of."""
    entries = AuditEntry.objects.filter(project=project).select_related("user")
    if wanted.person:
        entries = entries.filter(user=wanted.person)
    if wanted.noun:
        entries = entries.filter(action__startswith=f"{wanted.noun}.")
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(at__lt=wanted.until)
    return _with_text(entries, wanted.text) if wanted.text else entries


def audited_people(project: Project) -> QuerySet[User]:
    """Who has an entry in the project's audit, by name."""
    authors = AuditEntry.objects.filter(project=project).values("user")
    return User.objects.filter(pk__in=authors).order_by("full_name", "email")


def _with_text(entries: QuerySet[AuditEntry], text: str) -> QuerySet[AuditEntry]:
    values = entries.annotate(before_text=Cast("before", TextField()), after_text=Cast("after", TextField()))
    return values.filter(
        Q(subject__icontains=text)
        | Q(why__icontains=text)
        | Q(before_text__icontains=text)
        | Q(after_text__icontains=text)
    )
