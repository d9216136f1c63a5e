"""Logging in and out. Guessing is slowed down (`throttle`), the same for e-mails somebody has and nobody has."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from conversations.models import Project, User
from studio.console.password_forms import wait_words
from studio.console.throttle import LOG_IN, TooManyTries, address_of, count_try, forget_tries


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
    is_path = wanted.startswith("/")  # else `redirect` takes it for the name of an address
    safe = is_path and url_has_allowed_host_and_scheme(wanted, None, require_https=request.is_secure())
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


def email_tried(request: HttpRequest) -> str:
    """The e-mail as the form reads it: spaces and other spellings of the same letters are no new e-mail to guess
    for."""
    email = UsernameField().to_python(request.POST.get("username", "")[:1000])
    return str(email or "")[:254]


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(next_url(request))
    form = LogInForm(request, data=request.POST or None)
    if request.method == "POST":
        who = {"address": address_of(request), "email": email_tried(request)}
        try:
            count_try(LOG_IN, **who, at=timezone.now())
        except TooManyTries as refused:
            return _ask_to_wait(request, refused.seconds)
        if form.is_valid():
            forget_tries(LOG_IN, **who)
            start_session(request, form.get_user())
            return redirect(next_url(request))
    return _show(request, form, status=422 if form.errors else 200)


def log_in_to_admin(request: HttpRequest) -> HttpResponse:
    """Django's admin has no log-in of its own: whoever came for it logs in here, so that tries are counted once."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


def _show(request: HttpRequest, form: AuthenticationForm, *, status: int, wait: str = "") -> HttpResponse:
    shown = {
        "form": form,
        "wait": wait,
        "next": next_url(request),
        "demo_users": demo_users(),
        "is_empty": not User.objects.exists(),
    }
    return render(request, "studio/login.html", shown, status=status)


def _ask_to_wait(request: HttpRequest, seconds: int) -> HttpResponse:
    """Not even look at the password; the e-mail stays in its field."""
    form = LogInForm(request, initial={"username": request.POST.get("username", "")})
    answer = _show(request, form, status=429, wait=wait_words(seconds))
    answer.headers["Retry-After"] = str(seconds)
    return answer


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    end_session(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
