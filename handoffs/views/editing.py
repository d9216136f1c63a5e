"""What the pages that edit one row have in common: the answer to a form, and to a delete."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.forms.configuration import ConfiguredForm
from conversations.views.console import Page
from handoffs.selectors.destination_uses import Use
from handoffs.services.removal import StillInUse

REFUSED, CONFLICT = 422, 409
MOST_USES_SHOWN = 10


def answer_form(
    request: HttpRequest, page: Page, form: ConfiguredForm, *, template: str, then: str, said: str, shown: Any
) -> HttpResponse:
    """Save a form that was sent and go on to the page named `then`, which says `said`; else show it, with whatever
    refused it. shown: the rest of the page's context."""
    status = 200
    if request.method == "POST":
        if form.is_valid() and form.save_by(page.user, at=timezone.now()):
            messages.success(request, said)
            return redirect(then)
        status = CONFLICT if form.conflict else REFUSED
    return render(request, template, page.context(form=form, **shown), status=status)


def answer_delete(request: HttpRequest, *, name: str, back: str, then: str, delete: Callable[[], None]) -> HttpResponse:
    """Delete what was confirmed by typing its name and go on to `then`; else go back and say why not."""
    if request.POST.get("typed", "").strip() != name.strip():
        messages.error(request, _("Not deleted: the name typed is not {name}").format(name=name))
        return redirect(back)
    try:
        delete()
    except StillInUse as refused:
        uses = ", ".join(words for words, _page in linked_uses(refused.uses))
        messages.error(request, _("Not deleted: {name} is still in use. {uses}").format(name=name, uses=uses))
        return redirect(back)
    messages.success(request, _("{name} is deleted").format(name=name))
    return redirect(then)


def linked_uses(uses: Sequence[Use]) -> list[tuple[str, str]]:
    """Each use in words, and where it is edited; an empty address where there is no page. Beyond the first ten only
    their number is said."""
    shown = [(use.words, _address(use)) for use in uses[:MOST_USES_SHOWN]]
    more = len(uses) - len(shown)
    return [*shown, (_("and {number} more").format(number=more), "")] if more else shown


def _address(use: Use) -> str:
    try:
        return reverse(use.url_name, args=[use.argument] if use.argument else [])
    except NoReverseMatch:
        return ""
