"""When nobody answers: how long customers wait, what follows, what they are told, and the chains of fallbacks."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, Page, console_page
from conversations.views.editing import answer_form
from handoffs.domain.chain_words import draw_chain
from handoffs.domain.chains import find_loops
from handoffs.domain.config import ProjectConfig
from handoffs.forms.unanswered import ContactForm, UnansweredForm
from handoffs.selectors.working_copy import read_working_copy
from handoffs.services.settings import ensure_settings

TAB = "unanswered"
PAGE_SIZE = 50


@console_page(Permission.SETTINGS_EDIT, methods=BOTH)
def edit_unanswered(request: HttpRequest, page: Page) -> HttpResponse:
    row = ensure_settings(project=page.project)
    form = UnansweredForm(request.POST or None, instance=row, project=page.project)
    shown = {"tab": TAB, "loops": _loops(read_working_copy(page.project)), "row_form": ContactForm}
    template = "handoffs/settings/unanswered.html"
    said = _("What happens when nobody answers is saved")
    return answer_form(request, page, form, template=template, then=TAB, said=said, shown=shown)


@console_page(Permission.SETTINGS_EDIT)
def show_chains(request: HttpRequest, page: Page) -> HttpResponse:
    """Where each destination leads when it cannot take a handoff."""
    config = read_working_copy(page.project)
    search = request.GET.get("q", "").strip()
    found = sorted(
        (item for item in config.destinations if search.casefold() in item.name.casefold()),
        key=lambda item: item.name.casefold(),
    )
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "tab": TAB,
        "search": search,
        "total": len(config.destinations),
        "shown": shown,
        "chains": [draw_chain(config, item.key) for item in shown],
        "loops": _loops(config),
    }
    return render(request, "handoffs/settings/chains.html", page.context(**context))


def _loops(config: ProjectConfig) -> list[list[str]]:
    """Each circle as names, the first one again at its end."""
    names = {item.key: item.name for item in config.destinations}
    return [[names[key] for key in loop] for loop in find_loops(config)]


urlpatterns = [
    path("settings/unanswered/", edit_unanswered, name="unanswered"),
    path("settings/unanswered/chains/", show_chains, name="fallback-chains"),
]
