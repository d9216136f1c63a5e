"""Health: each part of the installation, how it is, and what to do. The checks are those of `doctor` and `/readyz`."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.core.cache import cache as kept
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.views.console import Page, console_page
from integrations.selectors.responders import read_answering
from integrations.selectors.webhook_endpoints import count_failures
from studio import diagnosis, workload
from studio.diagnosis import Finding, Level
from studio.processes import BASE_DIR

HEARD_OF_WORKERS = "health:workers"
KEPT_FOR = 7 * 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the page. note: a fact that is neither good nor bad; url_name: where it is mended."""

    name: str | Promise
    finding: Finding
    note: str | Promise = ""
    url_name: str = ""


# The parts that `doctor` looks at too, in the page's order.
INSTALLATION: Mapping[str, str | Promise] = {
    "database": _("PostgreSQL"),
    "migrations": _("Migrations"),
    "redis": _("Redis"),
    "secret key": _("Secret key"),
    "disk": _("Disk"),
    "backup": _("Backup"),
}


def read_parts(page: Page, *, at: datetime) -> dict[str, list[Part]]:
    """What is looked at now, in two groups."""
    checks: Mapping[str, Callable[[], Finding]] = diagnosis.CHECKS
    installation = [Part(label, checks[name]()) for name, label in INSTALLATION.items()]
    deliveries = workload.check_deliveries(at, failures=count_failures(project=page.project, at=at))
    work = [
        _workers(checks["workers"](), at),
        Part(_("Queues"), workload.check_queues(), _("tasks that wait for a worker")),
        Part(_("Clock"), workload.check_clock(at), _("deadlines of waiting customers")),
        Part(_("Outbox"), workload.check_outbox(at), _("work promised with each event")),
        Part(_("Webhook deliveries"), deliveries, _("this project's failures; the wait is everybody's"), "webhooks"),
        Part(_("The AI"), _responder(page), _("who answers this project's live customers"), "integrations"),
    ]
    return {"installation": installation, "work": work}


@cache
def read_version() -> str:
    """The version this installation runs."""
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


@console_page(Permission.INTEGRATIONS_EDIT)
def show_health(request: HttpRequest, page: Page) -> HttpResponse:
    at = timezone.now()
    groups = read_parts(page, at=at)
    findings = [part.finding for parts in groups.values() for part in parts]
    shown = page.context(
        **groups,
        at=at,
        failing=sum(finding.level is Level.FAIL for finding in findings),
        warning=sum(finding.level is Level.WARN for finding in findings),
        version=read_version(),
    )
    return render(request, "studio/health/health.html", shown)


def _responder(page: Page) -> Finding:
    """Whoever answers as the AI of live: a connection that is missing or failing passes every customer to a person."""
    answering = read_answering(project=page.project, environment=Environment.LIVE)
    asked = next((row for row in answering.connections if row.key == answering.now), None)
    if answering.missing:
        text = f"{answering.missing} is to answer, and live has no such connection that is switched on"
        return Finding(Level.FAIL, text, "copy it to live, switch it on, or let another one answer and publish")
    if asked and asked.health == asked.Health.FAILING:
        return Finding(Level.WARN, f"{asked.name}: {asked.last_error}", "test it; customers are passed to people")
    return Finding(Level.OK, asked.name if asked else "topics")


def _workers(finding: Finding, at: datetime) -> Part:
    """Workers, and when all of them were heard of last: worth knowing once they are silent."""
    if finding.level is Level.OK:
        kept.set(HEARD_OF_WORKERS, at, KEPT_FOR)
    heard = kept.get(HEARD_OF_WORKERS)
    if heard is None:
        return Part(_("Workers"), finding, _("never heard of since this process started"))
    note = _("last heard of {at}").format(at=timezone.localtime(heard).strftime("%H:%M:%S"))
    return Part(_("Workers"), finding, note)


urlpatterns = [path("", show_health, name="health")]
