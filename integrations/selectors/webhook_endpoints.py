"""Endpoints as their page lists them: how each is, by what was sent to it lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from conversations.domain.vocabulary import Environment
from conversations.models import Project
from integrations.domain.delivery import DeliveryState
from integrations.domain.webhook_events import PING
from integrations.models import Delivery, WebhookEndpoint

LATELY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """One endpoint of the list. last: the newest delivery that was tried; failures: series that failed lately."""

    endpoint: WebhookEndpoint
    last: Delivery | None
    failures: int
    waiting: int


def list_endpoints(*, project: Project, environment: Environment, at: datetime) -> list[EndpointRow]:
    """The endpoints of one environment, those that are on first, by name; in three queries."""
    endpoints = list(
        WebhookEndpoint.objects.filter(project=project, environment=environment.value)
        .annotate(
            last_id=Subquery(_tried().values("pk")[:1]),
            failures=Coalesce(_number(_failed(at)), 0),
            waiting=Coalesce(_number(_waiting()), 0),
        )
        .order_by("-is_active", "name")
    )
    last = Delivery.objects.in_bulk([row.last_id for row in endpoints if row.last_id])
    return [EndpointRow(row, last.get(row.last_id), row.failures, row.waiting) for row in endpoints]


def count_failures(*, project: Project, at: datetime) -> int:
    """Series of attempts that failed for good in the last 24 hours, pings apart."""
    dead = Delivery.objects.filter(endpoint__project=project, created_at__gte=at - LATELY)
    return dead.filter(state=DeliveryState.DEAD.value).exclude(event=PING).count()


def header_names(endpoint: WebhookEndpoint) -> Iterable[str]:
    """The names of its custom headers; their values stay sealed. Raises UnreadableSecret."""
    return tuple(endpoint.headers.open_pairs())


def _tried() -> QuerySet[Delivery]:
    tried = Delivery.objects.filter(endpoint=OuterRef("pk"), attempts__gt=0)
    return tried.order_by("-created_at", "-pk")


def _failed(at: datetime) -> QuerySet[Delivery]:
    failing = Q(state=DeliveryState.DEAD.value) | (Q(state=DeliveryState.PENDING.value) & ~Q(last_error=""))
    lately = Delivery.objects.filter(failing, endpoint=OuterRef("pk"), created_at__gte=at - LATELY)
    return lately.exclude(event=PING)


def _waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(endpoint=OuterRef("pk"), state=DeliveryState.PENDING.value)


def _number(deliveries: QuerySet[Delivery]) -> Subquery:
    counted = deliveries.order_by().values("endpoint").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))
