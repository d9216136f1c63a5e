"""Reasons: the managed list of codes that say why a conversation was handed over."""

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, WRITE, Page, console_page
from conversations.views.editing import answer_form
from handoffs.forms.reasons import ReasonForm
from handoffs.models import Reason
from handoffs.selectors.destination_names import read_destination_names
from handoffs.selectors.settings_uses import find_reason_uses
from handoffs.services.removal import delete_reason
from handoffs.views.editing import answer_delete, linked_uses

TAB = "reasons"
FORM = "handoffs/settings/reason.html"


@console_page(Permission.SETTINGS_EDIT)
def list_reasons(request: HttpRequest, page: Page) -> HttpResponse:
    reasons = list(Reason.objects.filter(project=page.project).order_by(Lower("label")))
    names = read_destination_names(page.project, keys={row.destination_key for row in reasons})
    rows = [(row, names.get(row.destination_key, row.destination_key)) for row in reasons]
    return render(request, "handoffs/settings/reasons.html", page.context(tab=TAB, rows=rows))


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def add_reason(request: HttpRequest, page: Page) -> HttpResponse:
    form = ReasonForm(request.POST or None, instance=Reason(project=page.project), project=page.project)
    return answer_form(request, page, form, template=FORM, then=TAB, said=_("Reason added"), shown={"tab": TAB})


@console_page(Permission.SETTINGS_EDIT, methods=BOTH, of=Reason)
def edit_reason(request: HttpRequest, page: Page, reason: Reason) -> HttpResponse:
    shown = {"tab": TAB, "name": reason.label, "uses": linked_uses(find_reason_uses(reason))}
    form = ReasonForm(request.POST or None, instance=reason, project=page.project)
    return answer_form(request, page, form, template=FORM, then=TAB, said=_("Reason saved"), shown=shown)


@console_page(Permission.SETTINGS_EDIT, methods=WRITE, of=Reason)
def remove_reason(request: HttpRequest, page: Page, reason: Reason) -> HttpResponse:
    back = reverse("reason", args=[reason.pk])
    return answer_delete(
        request, name=reason.label, back=back, then=TAB, delete=lambda: delete_reason(reason=reason, user=page.user)
    )


urlpatterns = [
    path("settings/reasons/", list_reasons, name="reasons"),
    path("settings/reasons/new/", add_reason, name="reason-add"),
    path("settings/reasons/<uuid:pk>/", edit_reason, name="reason"),
    path("settings/reasons/<uuid:pk>/delete/", remove_reason, name="reason-delete"),
]
