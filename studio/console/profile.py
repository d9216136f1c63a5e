"""A person's own page: name, password, and the sessions elsewhere."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from conversations.models import User
from conversations.services.people import rename_person, set_password
from conversations.views.console import current_project
from studio.console.password_forms import ChangePasswordForm, CurrentPasswordForm
from studio.console.throttle import LOG_IN, TooManyTries, address_of, count_try, forget_tries


class NameForm(forms.Form):
    full_name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("Customers see the first name when you join"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


@never_cache
@login_required
@require_safe
def show_profile(request: HttpRequest) -> HttpResponse:
    return _show(request)


@login_required
@require_POST
def save_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _show(request, name_form=form)
    rename_person(person=cast(User, request.user), full_name=form.cleaned_data["full_name"])
    messages.info(request, _("Your name is saved"))
    return redirect("profile")


@sensitive_post_parameters()
@login_required
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Set a new password; every other session ends by it."""
    user = cast(User, request.user)
    form = ChangePasswordForm(user, request.POST)
    if not _is_confirmed(request, form):
        return _show(request, password_form=form)
    password = form.cleaned_data["password"]
    set_password(person=user, password=password, by=user, action="person.password_changed")
    update_session_auth_hash(request, user)
    messages.info(request, _("Your password is changed. You were logged out everywhere else"))
    return redirect("profile")


@sensitive_post_parameters()
@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else. Sessions hang on the stored password's salt, so the same password is stored anew."""
    user = cast(User, request.user)
    form = CurrentPasswordForm(user, request.POST, prefix="elsewhere")
    if not _is_confirmed(request, form):
        return _show(request, elsewhere_form=form)
    password = form.cleaned_data["old_password"]
    set_password(person=user, password=password, by=user, action="person.logged_out_elsewhere")
    update_session_auth_hash(request, user)
    messages.info(request, _("You are logged out everywhere else"))
    return redirect("profile")


def _is_confirmed(request: HttpRequest, form: CurrentPasswordForm) -> bool:
    """Whether the form with the current password is valid; guessing it at an open screen is slowed down as well."""
    who = {"address": address_of(request), "email": cast(User, request.user).email}
    try:
        count_try(LOG_IN, **who, at=timezone.now())
    except TooManyTries as refused:
        form.refuse_for(refused.seconds)
        return False
    if "old_password" not in form.errors:
        forget_tries(LOG_IN, **who)
    return form.is_valid()


def _show(request: HttpRequest, **forms_with_errors: forms.Form) -> HttpResponse:
    user = cast(User, request.user)
    shown = {
        "project": current_project(request),
        "name_form": NameForm(initial={"full_name": user.full_name}),
        "password_form": ChangePasswordForm(user),
        "elsewhere_form": CurrentPasswordForm(user, prefix="elsewhere"),
        **forms_with_errors,
    }
    return render(request, "studio/account/profile.html", shown, status=422 if forms_with_errors else 200)


urlpatterns = [
    path("profile/", show_profile, name="profile"),
    path("profile/name/", save_name, name="profile-name"),
    path("profile/password/", change_password, name="profile-password"),
    path("profile/sessions/", end_other_sessions, name="profile-sessions"),
]
