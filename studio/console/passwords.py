"""A forgotten password: asking for a link, and setting a new one with it."""

import logging

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from studio.console.password_forms import EmailForm, ResetPasswordForm, wait_words
from studio.console.throttle import RESET, TooManyTries, address_of, count_try
from studio.password_links import LinkUnusable, find_by_link, reset_password
from studio.tasks import mail_reset_link

logger = logging.getLogger(__name__)

LINK_KEPT_AS = "password_link"


@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same for an address somebody has and for one nobody has."""
    form = EmailForm(request.POST or None)
    shown = {"form": form, "is_set_up": settings.EMAIL_IS_SET_UP}
    if request.method == "GET" or not settings.EMAIL_IS_SET_UP or not form.is_valid():
        return render(request, "studio/account/forgot.html", shown, status=422 if form.errors else 200)
    email = form.cleaned_data["email"].lower()
    try:
        count_try(RESET, address=address_of(request), email=email, at=timezone.now())
    except TooManyTries as refused:
        form.add_error("email", wait_words(refused.seconds))
        answer = render(request, "studio/account/forgot.html", shown, status=429)
        answer.headers["Retry-After"] = str(refused.seconds)
        return answer
    try:
        mail_reset_link.delay(email=email)
    except OperationalError:
        logger.exception("a reset link was not queued")
        form.add_error("email", _("This cannot be mailed right now. Try again in a minute, or ask an admin for a link"))
        return render(request, "studio/account/forgot.html", shown, status=503)
    return render(request, "studio/account/forgot_sent.html", {"email": email})


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def set_new(request: HttpRequest) -> HttpResponse:
    """Set a password with a link. It moves from the address into the session at once: so it is in no history, no
    referrer, and no screenshot."""
    if "link" in request.GET:
        request.session[LINK_KEPT_AS] = request.GET["link"]
        return redirect("password-new")
    link = request.session.get(LINK_KEPT_AS, "")
    try:
        person = find_by_link(link)
        form = ResetPasswordForm(person, request.POST or None)
        if request.method == "POST" and form.is_valid():
            reset_password(link=link, password=form.cleaned_data["password"])
            del request.session[LINK_KEPT_AS]
            messages.info(request, _("Your password is set. Log in with it"))
            return redirect("login")
    except LinkUnusable:
        return render(request, "studio/account/link_unusable.html", {"is_set_up": settings.EMAIL_IS_SET_UP}, status=410)
    shown = {"form": form, "person": person}
    return render(request, "studio/account/new_password.html", shown, status=422 if form.errors else 200)


urlpatterns = [
    path("password/forgot/", forgot, name="password-forgot"),
    path("password/new/", set_new, name="password-new"),
]
