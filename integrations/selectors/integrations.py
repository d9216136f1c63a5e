"""What is connected in one environment: where people answer, where customers write, what carries calls."""

from typing import Any

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Environment
from conversations.models import Connector, Membership, Project
from handoffs.models import Queue
from integrations.models import WebhookEndpoint
from integrations.selectors.lines import count_mismatches, list_lines
from integrations.selectors.responders import read_answering

ANSWERS = [role.value for role, granted in ROLE_PERMISSIONS.items() if Permission.INBOX_REPLY in granted]


def read_integrations(*, project: Project, environment: Environment) -> dict[str, Any]:
    """The page's context, in a fixed number of queries."""
    here = {"project": project, "environment": environment.value}
    members = Membership.objects.filter(project=project, role__in=ANSWERS, user__is_active=True)
    return {
        "queues": Queue.objects.filter(project=project, is_on=True).count(),
        "people": members.values("user").distinct().count(),
        "connectors": Connector.objects.filter(**here, is_active=True).count(),
        "webhooks": WebhookEndpoint.objects.filter(**here, is_active=True).count(),
        "lines": list_lines(project=project, environment=environment),
        "mismatches": count_mismatches(project),
        "answering": read_answering(project=project, environment=environment),
    }
