"""Logging in and out."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import Project, User


class LogInForm(AuthenticationForm):
    """E-mail and password, refused in our words."""

    error_messages = {
        "invalid_login": _("That e-mail and password do not belong together. Upper and lower case count"),
        "inactive": _("This person was deactivated. An owner of the project can bring them back"),
    }


def demo_users() -> list[dict[str, Any]]:
    """The demo workspace's log-ins as `{email, password, role, full_name}`; none once the workspace is gone."""
    written = settings.VAR_DIR / "demo.json"
    if not written.exists() or not Project.objects.filter(is_demo=True, deleted_at__isnull=True).exists():
        return []
    users: list[dict[str, Any]] = json.loads(written.read_text(encoding="utf-8"))["users"]
    names = dict(User.objects.filter(email__in=[user["email"] for user in users]).values_list("email", "full_name"))
    return [{**user, "full_name": names.get(user["email"], "")} for user in users]


def next_url(request: HttpRequest) -> str:
    """Where the person was going, if that is here; else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_url(request))
    form = LogInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        start_session(request, form.get_user())
        return redirect(next_url(request))
    shown = {"form": form, "next": next_url(request), "demo_users": demo_users()}
    return render(request, "studio/login.html", shown, status=422 if form.errors else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
