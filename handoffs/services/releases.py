"""Snapshots and releases: what a decision reads. Live reads the latest release, sandbox the working copy."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from conversations.domain.vocabulary import Environment
from conversations.models import AuditEntry, Project, User
from handoffs.domain.config import ProjectConfig, config_to_json, content_hash
from handoffs.models import Release, Snapshot
from handoffs.selectors.snapshots import read_config
from handoffs.selectors.working_copy import read_working_copy


class NothingToPublish(Exception):
    """The working copy equals the current release. `number` is that release's."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Release {number} is already what you see here")
        self.number = number


@dataclass(frozen=True, slots=True)
class CurrentConfig:
    """The configuration of one decision and how to find it again; release_number is None in the sandbox."""

    config: ProjectConfig
    snapshot_hash: str
    release_number: int | None


def freeze_working_copy(*, project: Project) -> Snapshot:
    """Store the working copy under its content's address; equal content is stored once."""
    content = config_to_json(read_working_copy(project))
    snapshot, _ = Snapshot.objects.get_or_create({"content": content}, hash=content_hash(content))
    return snapshot


def publish_release(*, project: Project, publisher: User, at: datetime, note: str = "") -> Release:
    """Make the working copy the configuration of live conversations. Raises NothingToPublish."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        snapshot = freeze_working_copy(project=project)
        current = Release.objects.filter(project=project).order_by("-number").first()
        if current is not None and current.snapshot_id == snapshot.hash:
            raise NothingToPublish(current.number)
        newest = Release.objects.filter(project=project).aggregate(number=Max("number"))["number"] or 0
        release = Release.objects.create(
            project=project, number=newest + 1, snapshot=snapshot, note=note, published_by=publisher, published_at=at
        )
        AuditEntry.objects.create(
            project=project,
            user=publisher,
            action="release.published",
            subject=f"Release {release.number}",
            before={"snapshot": current.snapshot_id} if current else None,
            after={"snapshot": snapshot.hash},
            why=note,
        )
    return release


def read_current_config(*, project: Project, environment: str) -> CurrentConfig:
    """Return what a decision made now reads. A live project without a release reads an empty configuration:
    its AI knows no topic, and every handoff becomes a message that is kept."""
    if environment == Environment.SANDBOX:
        snapshot = freeze_working_copy(project=project)
        return CurrentConfig(read_config(snapshot.hash), snapshot.hash, None)
    release = Release.objects.filter(project=project).order_by("-number").only("number", "snapshot_id").first()
    if release is None:
        return CurrentConfig(ProjectConfig(name=project.name, ai_name=project.ai_name), "", None)
    return CurrentConfig(read_config(release.snapshot_id), release.snapshot_id, release.number)
