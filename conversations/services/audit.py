"""The audit: who changed what, when, before, after and why."""

from collections.abc import Mapping
from typing import Any

from conversations.models import AuditEntry, Project, User

Recorded = Mapping[str, Any]


def record_audit(
    *,
    project: Project | None,
    user: User | None,
    action: str,
    subject: str,
    before: Recorded | None = None,
    after: Recorded | None = None,
    why: str = "",
) -> AuditEntry:
    """Write one entry, in the caller's transaction. action: `noun.verbed`; before and after: fields by name, as
    JSON, never a secret."""
    return AuditEntry.objects.create(
        project=project,
        user=user,
        action=action,
        subject=subject[:120],
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        why=why,
    )
