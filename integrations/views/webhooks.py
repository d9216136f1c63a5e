"""Webhook endpoints: who is told what, whether it arrives, and what came back."""

import json
import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from conversations.domain.permissions import Permission
from conversations.selectors.paging import newest_first
from conversations.services.configuration import StaleRevision
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import shown_revision
from integrations.domain.delivery import DeliveryState
from integrations.domain.hidden import hide_personal
from integrations.domain.sealing import UnreadableSecret
from integrations.domain.signing import (
    EVENT_ID,
    SIGNATURE,
    STANDARD_ID,
    STANDARD_SIGNATURE,
    STANDARD_TIMESTAMP,
    TIMESTAMP,
)
from integrations.forms.webhooks import EVENT_WORDS, WebhookForm
from integrations.models import Delivery, WebhookEndpoint
from integrations.selectors.webhook_endpoints import header_names, list_endpoints
from integrations.services.deliveries import NotReplayable, replay_delivery
from integrations.services.webhook_endpoints import ping_now, rotate_secret

DELIVERIES_A_PAGE = 25
# What every attempt carries beside the custom headers; the signatures are made anew each time.
OUR_HEADERS = ("Content-Type: application/json", "User-Agent: HandoffStudio/1.0")
EVENT_HEADERS = (EVENT_ID, STANDARD_ID)
SIGNED_HEADERS = (TIMESTAMP, SIGNATURE, STANDARD_TIMESTAMP, STANDARD_SIGNATURE)


@console_page(Permission.WEBHOOKS_EDIT)
def list_webhooks(request: HttpRequest, page: Page) -> HttpResponse:
    rows = list_endpoints(project=page.project, environment=page.environment, at=timezone.now())
    return render(request, "integrations/webhooks/list.html", page.context(rows=rows))


@console_page(Permission.WEBHOOKS_EDIT, methods=BOTH)
def add_webhook(request: HttpRequest, page: Page) -> HttpResponse:
    environment = page.environment.value
    form = WebhookForm(request.POST or None, project=page.project, environment=environment)
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        shown = page.context(endpoint=form.instance, secret=form.secret, is_new=True)
        return render(request, "integrations/webhooks/secret.html", shown, status=201)
    shown = page.context(form=form)
    return render(request, "integrations/webhooks/add.html", shown, status=422 if form.is_bound else 200)


@console_page(Permission.WEBHOOKS_EDIT, of=WebhookEndpoint)
def show_webhook(request: HttpRequest, page: Page, endpoint: WebhookEndpoint) -> HttpResponse:
    shown = page.context(
        endpoint=endpoint,
        now=timezone.now(),
        events=[(name, EVENT_WORDS.get(name, name)) for name in endpoint.events],
        header_names=_header_names(endpoint),
        deliveries=newest_first(
            endpoint.deliveries.all(),
            by="created_at",
            before=request.GET.get("before", ""),
            after=request.GET.get("after", ""),
            size=DELIVERIES_A_PAGE,
        ),
    )
    return render(request, "integrations/webhooks/show.html", shown)


@console_page(Permission.WEBHOOKS_EDIT, methods=BOTH, of=WebhookEndpoint)
def edit_webhook(request: HttpRequest, page: Page, endpoint: WebhookEndpoint) -> HttpResponse:
    name, headers = endpoint.name, _header_names(endpoint)
    form = WebhookForm(
        request.POST or None, instance=endpoint, project=page.project, environment=endpoint.environment
    )  # fmt: skip
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("Saved. It counts from the next event on"))
        return redirect("webhook", pk=endpoint.pk)
    shown = page.context(form=form, endpoint=endpoint, name=name, header_names=headers)
    return render(request, "integrations/webhooks/edit.html", shown, status=422 if form.is_bound else 200)


@console_page(Permission.WEBHOOKS_EDIT, methods=WRITE, of=WebhookEndpoint)
@sensitive_variables("secret")
def renew_secret(request: HttpRequest, page: Page, endpoint: WebhookEndpoint) -> HttpResponse:
    try:
        secret = rotate_secret(
            endpoint=endpoint, user=page.user, at=timezone.now(), revision=shown_revision(request)
        )  # fmt: skip
    except StaleRevision:
        messages.error(request, _("This webhook was changed meanwhile. Look at it, then decide again"))
        return redirect("webhook", pk=endpoint.pk)
    shown = page.context(endpoint=endpoint, secret=secret, is_new=False)
    return render(request, "integrations/webhooks/secret.html", shown, status=201)


@console_page(Permission.WEBHOOKS_EDIT, methods=WRITE, of=WebhookEndpoint)
def ping_webhook(request: HttpRequest, page: Page, endpoint: WebhookEndpoint) -> HttpResponse:
    """Wait for the answer, five seconds at most, and show it; the list of deliveries then loads itself again."""
    ping = ping_now(endpoint=endpoint, clock=timezone.now)
    answer = render(request, "integrations/webhooks/_ping.html", page.context(endpoint=endpoint, ping=ping))
    answer.headers["HX-Trigger-After-Swap"] = "hs:pinged"
    return answer


@console_page(Permission.WEBHOOKS_EDIT, of=WebhookEndpoint)
def show_delivery(request: HttpRequest, page: Page, endpoint: WebhookEndpoint, delivery_id: uuid.UUID) -> HttpResponse:
    delivery = get_object_or_404(endpoint.deliveries, pk=delivery_id)
    sees_all = page.may(Permission.PII_VIEW)
    body = delivery.body if sees_all else hide_personal(delivery.body)
    shown = page.context(
        endpoint=endpoint,
        delivery=delivery,
        body=json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True),
        is_hidden=not sees_all and body != delivery.body,
        our_headers=OUR_HEADERS,
        event_headers=EVENT_HEADERS,
        signed_headers=SIGNED_HEADERS,
        header_names=_header_names(endpoint),
        is_dead=delivery.state == DeliveryState.DEAD.value,
    )
    return render(request, "integrations/webhooks/delivery.html", shown)


@console_page(Permission.WEBHOOKS_EDIT, methods=WRITE, of=WebhookEndpoint)
def replay(request: HttpRequest, page: Page, endpoint: WebhookEndpoint, delivery_id: uuid.UUID) -> HttpResponse:
    delivery: Delivery = get_object_or_404(endpoint.deliveries, pk=delivery_id)
    try:
        replay_delivery(delivery=delivery, at=timezone.now())
    except NotReplayable:
        messages.warning(request, _("It is on its way or has arrived: nothing to replay"))
    else:
        messages.info(request, _("It goes out again now, under the same event id"))
    return redirect("webhook-delivery", pk=endpoint.pk, delivery_id=delivery.pk)


def _header_names(endpoint: WebhookEndpoint) -> list[str]:
    """The names of its custom headers; none where they cannot be read, which a ping then says."""
    try:
        return list(header_names(endpoint))
    except UnreadableSecret:
        return []


urlpatterns = [
    path("", list_webhooks, name="webhooks"),
    path("add/", add_webhook, name="webhook-add"),
    path("<uuid:pk>/", show_webhook, name="webhook"),
    path("<uuid:pk>/edit/", edit_webhook, name="webhook-edit"),
    path("<uuid:pk>/secret/", renew_secret, name="webhook-secret"),
    path("<uuid:pk>/ping/", ping_webhook, name="webhook-ping"),
    path("<uuid:pk>/deliveries/<uuid:delivery_id>/", show_delivery, name="webhook-delivery"),
    path("<uuid:pk>/deliveries/<uuid:delivery_id>/replay/", replay, name="webhook-replay"),
]
