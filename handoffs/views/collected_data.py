"""The data that is collected before a transfer."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, Page, console_page
from conversations.views.editing import answer_form
from handoffs.forms.collected_data import CollectedDataForm, CollectedFieldForm, usual_fields
from handoffs.services.settings import ensure_settings

TAB = "collected-data"
PREFIX = "collected_fields-__prefix__"


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def edit_collected_data(request: HttpRequest, page: Page) -> HttpResponse:
    row = ensure_settings(project=page.project)
    form = CollectedDataForm(request.POST or None, instance=row, project=page.project)
    usual = [(field, CollectedFieldForm(prefix=PREFIX, initial=field)) for field in usual_fields()]
    shown = {"tab": TAB, "usual": usual, "is_asked": row.collect_first}
    template = "handoffs/settings/collected_data.html"
    return answer_form(request, page, form, template=template, then=TAB, said=_("Data to collect saved"), shown=shown)


urlpatterns = [path("settings/data/", edit_collected_data, name="collected-data")]
