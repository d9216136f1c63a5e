"""API keys of a project and one's own tokens. A key's text stands in the answer that made it, and nowhere else."""

import uuid
from datetime import datetime

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.forms.api_keys import SCOPE_WORDS, PersonalTokenForm, ProjectKeyForm
from conversations.models import ApiKey
from conversations.services.api_keys import (
    OVERLAP,
    MadeAlready,
    NotRotated,
    create_personal_token,
    create_project_key,
    revoke_api_key,
    rotate_api_key,
)
from conversations.views.console import BOTH, WRITE, Page, console_page

MOST_SHOWN = 200
MOST_ENDED_SHOWN = 50


def working_keys(keys: QuerySet[ApiKey], *, at: datetime) -> QuerySet[ApiKey]:
    """Those that open something now, newest first; `is_replaced`: another was made for it."""
    replaced = Exists(ApiKey.objects.filter(replaces=OuterRef("pk")))
    return keys.exclude(_ended(at)).annotate(is_replaced=replaced).order_by("-created_at")


def ended_keys(keys: QuerySet[ApiKey], *, at: datetime) -> QuerySet[ApiKey]:
    """Those revoked or expired, newest first."""
    return keys.filter(_ended(at)).order_by("-created_at")


@console_page(Permission.API_KEYS_EDIT)
def list_api_keys(request: HttpRequest, page: Page) -> HttpResponse:
    at, keys = timezone.now(), ApiKey.objects.filter(project=page.project)
    shown = page.context(
        keys=working_keys(keys, at=at)[:MOST_SHOWN],
        ended=ended_keys(keys, at=at)[:MOST_ENDED_SHOWN],
        scope_words=SCOPE_WORDS,
        now=at,
        rotated_until=at + OVERLAP,
    )
    return render(request, "studio/api_keys/list.html", shown)


@console_page(Permission.API_KEYS_EDIT, methods=BOTH)
@sensitive_variables("text")
def add_api_key(request: HttpRequest, page: Page) -> HttpResponse:
    form = ProjectKeyForm(request.POST or None)
    if not form.is_valid():
        shown = page.context(form=form)
        return render(request, "studio/api_keys/add.html", shown, status=422 if form.errors else 200)
    try:
        key, text = create_project_key(
            project=page.project,
            environment=Environment(form.cleaned_data["environment"]),
            name=form.cleaned_data["name"],
            scopes=form.chosen_scopes(),
            user=page.user,
            expires_at=form.expires_at(),
            key_id=form.cleaned_data["key_id"],
        )
    except MadeAlready:
        return _made_already(request, "api-keys")
    return render(request, "studio/api_keys/made.html", page.context(key=key, text=text), status=201)


@console_page(Permission.API_KEYS_EDIT, methods=WRITE, of=ApiKey)
@sensitive_variables("text")
def rotate_key(request: HttpRequest, page: Page, key: ApiKey) -> HttpResponse:
    try:
        new, text = rotate_api_key(key=key, user=page.user, at=timezone.now())
    except NotRotated:
        messages.warning(request, _("{name} has ended, or was rotated before").format(name=key.name))
        return redirect("api-keys")
    return render(request, "studio/api_keys/made.html", page.context(key=new, text=text), status=201)


@console_page(Permission.API_KEYS_EDIT, methods=WRITE, of=ApiKey)
def revoke_key(request: HttpRequest, page: Page, key: ApiKey) -> HttpResponse:
    return _revoke(request, page, key, "api-keys")


@console_page(None)
def list_tokens(request: HttpRequest, page: Page) -> HttpResponse:
    at, tokens = timezone.now(), ApiKey.objects.filter(user=page.user)
    shown = page.context(
        keys=working_keys(tokens, at=at)[:MOST_SHOWN], ended=ended_keys(tokens, at=at)[:MOST_ENDED_SHOWN], now=at
    )
    return render(request, "studio/api_keys/yours.html", shown)


@console_page(None, methods=BOTH)
@sensitive_variables("text")
def add_token(request: HttpRequest, page: Page) -> HttpResponse:
    form = PersonalTokenForm(request.POST or None)
    if not form.is_valid():
        shown = page.context(form=form)
        return render(request, "studio/api_keys/add_yours.html", shown, status=422 if form.errors else 200)
    try:
        key, text = create_personal_token(
            user=page.user,
            name=form.cleaned_data["name"],
            expires_at=form.expires_at(),
            key_id=form.cleaned_data["key_id"],
        )
    except MadeAlready:
        return _made_already(request, "personal-tokens")
    return render(request, "studio/api_keys/made.html", page.context(key=key, text=text), status=201)


@console_page(None, methods=WRITE)
def revoke_token(request: HttpRequest, page: Page, token_id: uuid.UUID) -> HttpResponse:
    token = ApiKey.objects.filter(pk=token_id, user=page.user).first()
    if token is None:
        raise Http404("token")
    return _revoke(request, page, token, "personal-tokens")


def _revoke(request: HttpRequest, page: Page, key: ApiKey, back: str) -> HttpResponse:
    revoke_api_key(key=key, user=page.user, at=timezone.now())
    messages.info(request, _("{name} is revoked. What uses it is refused from now on").format(name=key.name))
    return redirect(back)


def _made_already(request: HttpRequest, back: str) -> HttpResponse:
    messages.warning(request, _("It was made when the form was sent first. Its text is shown that one time only"))
    return redirect(back)


def _ended(at: datetime) -> Q:
    return Q(revoked_at__isnull=False) | Q(expires_at__lte=at)


urlpatterns = [
    path("", list_api_keys, name="api-keys"),
    path("add/", add_api_key, name="api-key-add"),
    path("<uuid:pk>/revoke/", revoke_key, name="api-key-revoke"),
    path("<uuid:pk>/rotate/", rotate_key, name="api-key-rotate"),
    path("yours/", list_tokens, name="personal-tokens"),
    path("yours/add/", add_token, name="personal-token-add"),
    path("yours/<uuid:token_id>/revoke/", revoke_token, name="personal-token-revoke"),
]
