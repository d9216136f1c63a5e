"""Telephony lines: edited in a drawer beside the list of integrations."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.domain.permissions import Permission
from conversations.domain.vocabulary import Environment
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import is_name_typed
from handoffs.domain.sip.voice import LineKind, SipMethod
from handoffs.models import Line
from handoffs.services.destinations import reset_to_required_method
from integrations.forms.lines import LineForm
from integrations.selectors.integrations import read_integrations
from integrations.selectors.lines import are_alike, find_line_uses, has_credentials, is_first, twin_of
from integrations.services.lines import LineInUse, copy_line, remove_line

# What a new line of a kind starts with.
STARTS_WITH: dict[LineKind, dict[str, Any]] = {
    LineKind.SIP_TRUNK: {"name": "SIP trunk"},
    LineKind.TWILIO_NUMBER: {"name": "Twilio", "required_method": SipMethod.REFER.value},
}


@console_page(Permission.INTEGRATIONS_EDIT, methods=BOTH)
def add_line(request: HttpRequest, page: Page, kind: str) -> HttpResponse:
    if kind not in list(LineKind):
        raise Http404("kind")
    line = Line(project=page.project, environment=page.environment.value, kind=kind)
    form = LineForm(
        request.POST or None, instance=line, project=page.project, initial=STARTS_WITH[LineKind(kind)]
    )  # fmt: skip
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("{name} is added. Destinations can leave by it").format(name=line))
        return _back(line)
    return _show(request, page, form, line=line, title=_kind_words(line))


@console_page(Permission.INTEGRATIONS_EDIT, methods=BOTH, of=Line)
def edit_line(request: HttpRequest, page: Page, line: Line) -> HttpResponse:
    has_sign_in, beside = has_credentials(line), _beside(line)
    form = LineForm(request.POST or None, instance=line, project=page.project, has_sign_in=has_sign_in)
    if form.is_valid() and form.save_by(page.user, at=timezone.now()):
        messages.info(request, _("Saved. The next call leaves by it as it is now"))
        return _back(line)
    return _show(request, page, form, line=line, has_sign_in=has_sign_in, **beside)


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE, of=Line)
def copy_to_other(request: HttpRequest, page: Page, line: Line) -> HttpResponse:
    copy_line(line=line, to=Environment(line.environment).other, user=page.user, at=timezone.now())
    messages.info(request, _("{name} is the same in both environments, but for its sign-in").format(name=line))
    return redirect("line", pk=line.pk)


@console_page(Permission.INTEGRATIONS_EDIT, methods=WRITE, of=Line)
def delete_line(request: HttpRequest, page: Page, line: Line) -> HttpResponse:
    if not is_name_typed(request, line.name):
        return redirect("line", pk=line.pk)
    try:
        remove_line(line=line, user=page.user)
    except LineInUse as used:
        uses = ", ".join(use.words for use in used.uses)
        words = _("Not deleted: {name} is still in use. Point these elsewhere first: {uses}")
        messages.error(request, words.format(name=line, uses=uses))
        return redirect("line", pk=line.pk)
    messages.info(request, _("{name} is deleted").format(name=line))
    return _back(line)


@console_page(Permission.DESTINATIONS_EDIT, methods=WRITE)
def reset_destinations(request: HttpRequest, page: Page) -> HttpResponse:
    done = reset_to_required_method(project=page.project, user=page.user, at=timezone.now())
    number = len(done.changed)
    words = ngettext(
        "{number} destination changed in the working copy", "{number} destinations changed in the working copy", number
    )
    messages.info(request, words.format(number=number))
    if done.left:
        names = ", ".join(row.name for row in done.left)
        messages.warning(request, _("Not changed, they need a route first: {names}").format(names=names))
    return redirect("integrations")


def _show(request: HttpRequest, page: Page, form: LineForm, *, line: Line, **shown: Any) -> HttpResponse:
    environment = Environment(line.environment)
    found = read_integrations(project=page.project, environment=environment)
    context = page.context(**found, form=form, line=line, **shown) | {"environment": environment.value}
    return render(request, "integrations/lines/edit.html", context, status=422 if form.is_bound else 200)


def _back(line: Line) -> HttpResponse:
    return redirect(f"{reverse('integrations')}?environment={line.environment}")


def _beside(line: Line) -> dict[str, Any]:
    """What the drawer of a stored line says beside its form."""
    twin = twin_of(line)
    return {
        "title": line.name,
        "uses": [
            (use.words, reverse("destination-edit", args=[use.pk]) if use.pk else "") for use in find_line_uses(line)
        ],
        "is_first": is_first(line),
        "twin": twin,
        "is_alike": twin is not None and are_alike(line, twin),
        "other_environment": Environment(line.environment).other.value,
    }


def _kind_words(line: Line) -> str:
    return _("Add a SIP trunk") if line.kind == LineKind.SIP_TRUNK else _("Add a Twilio number")


urlpatterns = [
    path("add/<slug:kind>/", add_line, name="line-add"),
    path("reset-destinations/", reset_destinations, name="lines-reset-destinations"),
    path("<uuid:pk>/", edit_line, name="line"),
    path("<uuid:pk>/copy/", copy_to_other, name="line-copy"),
    path("<uuid:pk>/delete/", delete_line, name="line-delete"),
]
