"""What the pages that edit one row have in common: the answer to a form, the revision shown, the name typed."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.forms.configuration import ConfiguredForm
from conversations.views.console import Page

REFUSED, CONFLICT = 422, 409


def answer_form(
    request: HttpRequest,
    page: Page,
    form: ConfiguredForm,
    *,
    template: str,
    then: str,
    said: str,
    shown: Mapping[str, Any],
) -> HttpResponse:
    """Save a form that was sent and go on to the page or address `then`, which says `said`; else show it, with
    whatever refused it. shown: the rest of the page's context."""
    status = 200
    if request.method == "POST":
        if form.is_valid() and form.save_by(page.user, at=timezone.now()):
            messages.success(request, said)
            return redirect(then)
        status = CONFLICT if form.conflict else REFUSED
    return render(request, template, page.context(form=form, **shown), status=status)


def is_name_typed(request: HttpRequest, name: str) -> bool:
    """Whether a delete was confirmed by typing the name; where not, the next page says so."""
    if request.POST.get("typed", "").strip() == name.strip():
        return True
    messages.error(request, _("Not deleted: the name typed is not {name}").format(name=name))
    return False


def shown_revision(request: HttpRequest) -> int:
    """The revision the person saw, of a form that only presses a button; 0, which no row has, where there is none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
