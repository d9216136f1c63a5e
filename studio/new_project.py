"""A new project: what it is born with, and its creation in one transaction."""

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.models import Project, User
from conversations.services.projects import create_project
from handoffs.domain.config import Disposition, ProjectConfig, QueueConfig, ReasonConfig
from handoffs.services.working_copy import start_working_copy


def starting_config() -> ProjectConfig:
    """One queue, the usual reasons and dispositions, no destination: the first one is the owner's to choose."""
    return ProjectConfig(
        queues=(QueueConfig("general", _("General"), dispositions=_dispositions()),),
        reasons=_reasons(),
    )


def start_project(*, project: Project, by: User) -> Project:
    """Insert a filled, unsaved project with its working copy and its inbox in both environments; `by` owns it.

    Raises IntegrityError when the name is taken.
    """
    with transaction.atomic():
        create_project(project=project, by=by)
        start_working_copy(project=project, config=starting_config())
    return project


def _reasons() -> tuple[ReasonConfig, ...]:
    return (
        ReasonConfig("needs_human", _("Asked for a person")),
        ReasonConfig("frustration", _("Frustrated customer")),
        ReasonConfig("unproductive", _("The AI got no further")),
        ReasonConfig("policy_violation", _("Topic the AI must not answer")),
        ReasonConfig("ai_unavailable", _("The AI did not answer")),
        ReasonConfig("refund_request", _("Refund")),
        ReasonConfig("billing_question", _("Billing question")),
        ReasonConfig("complaint", _("Complaint")),
        ReasonConfig("cancellation", _("Wants to cancel")),
        ReasonConfig("technical_problem", _("Technical problem")),
        ReasonConfig("legal_threat", _("Legal threat"), is_urgent=True),
    )


def _dispositions() -> tuple[Disposition, ...]:
    return (
        Disposition("resolved", _("Resolved")),
        Disposition("follow_up", _("Needs a follow-up")),
        Disposition("no_action", _("No action needed")),
    )
