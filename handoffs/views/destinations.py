"""The list of destinations and what its cards' menus do."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, WRITE, Page, console_page
from handoffs.forms.destination_actions import DeleteDestinationForm, DestinationFilterForm
from handoffs.models import Destination
from handoffs.selectors.destination_cards import CARDS_A_PAGE, Ways, count_ways, read_cards, search_destinations
from handoffs.selectors.destination_methods import mismatched_destinations
from handoffs.selectors.destination_surroundings import Surroundings, read_surroundings
from handoffs.selectors.destination_uses import Use, find_uses
from handoffs.services.destinations import (
    DestinationRefused,
    WouldStrand,
    delete_destination,
    duplicate_destination,
    reset_to_required_method,
    set_default_destination,
    use_required_method,
)

EDIT = Permission.DESTINATIONS_EDIT
WAYS_LABELS = {Ways.ALL: gettext_lazy("All"), Ways.VOICE: gettext_lazy("Voice"), Ways.TEXT: gettext_lazy("Text")}
# What of the list's query a form may bring back to.
KEPT = ("ways", "q", "page")


@console_page(EDIT)
def list_destinations(request: HttpRequest, page: Page) -> HttpResponse:
    """The cards, narrowed by the query, a page at a time."""
    ways, search = DestinationFilterForm(request.GET).wanted()
    around = read_surroundings(page.project)
    found = Paginator(search_destinations(page.project, ways=ways, search=search), CARDS_A_PAGE)
    shown = found.get_page(request.GET.get("page"))
    counts = count_ways(page.project)
    context = page.context(
        cards=read_cards(page.project, list(shown.object_list), around, at=timezone.now()),
        total=found.count,
        has_any=bool(counts[Ways.ALL]),
        ways=ways,
        search=search,
        segments=[
            {"label": label, "count": counts[each], "url": _list_url(each, search), "is_current": each is ways}
            for each, label in WAYS_LABELS.items()
        ],
        back=_kept_query(request.GET),
        clear_url=_list_url(ways, ""),
        previous_url=_list_url(ways, search, shown.previous_page_number()) if shown.has_previous() else "",
        next_url=_list_url(ways, search, shown.next_page_number()) if shown.has_next() else "",
        **_line_facts(page, around),
    )
    return render(request, "handoffs/destinations/destinations.html", context)


def _line_facts(page: Page, around: Surroundings) -> dict[str, Any]:
    """What the telephony lines demand, and what does not meet it."""
    constrained = [line for line in around.lines if line.required_method or line.hides_route or line.hides_headers]
    locked = any(line.required_method for line in around.lines)
    return {
        "constrained": constrained,
        "mismatches": mismatched_destinations(page.project, around.lines).count() if locked else 0,
    }


@console_page(EDIT, methods=WRITE, of=Destination)
def duplicate(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    try:
        copy = duplicate_destination(destination=row, user=page.user)
    except DestinationRefused as refused:
        messages.error(request, str(refused))
    else:
        said = _("{name} added").format(name=copy.name)
        _say_with_undo(request, said, reverse("destination-delete", args=[copy.pk]), typed=copy.name)
    return _back_to_list(request)


@console_page(EDIT, methods=WRITE, of=Destination)
def make_default(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    try:
        former = set_default_destination(destination=row, user=page.user, at=timezone.now())
    except DestinationRefused as refused:
        messages.error(request, str(refused))
        return _back_to_list(request)
    said = _("{name} is the default").format(name=row.name)
    if former is None:
        messages.info(request, said)
    else:
        _say_with_undo(request, said, reverse("destination-default", args=[former.pk]))
    return _back_to_list(request)


@console_page(EDIT, methods=BOTH, of=Destination)
def delete(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    """Ask for the name, or say what still uses it; then delete."""
    if request.method != "POST":
        return _ask_to_delete(request, page, row)
    form = DeleteDestinationForm(request.POST, row=row)
    if not form.is_valid():
        messages.error(request, "\n".join(str(errors[0]) for errors in form.errors.values()))
        return _back_to_list(request)
    heir = form.cleaned_data["next_default"]
    try:
        delete_destination(destination=row, user=page.user, at=timezone.now(), next_default=heir)
    except DestinationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.info(request, _("{name} deleted").format(name=row.name))
    return _back_to_list(request)


def _ask_to_delete(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    uses = [(use.words, _page_of(use)) for use in find_uses(row)]
    form = DeleteDestinationForm(row=row)
    heirs = page.project.destinations.exclude(pk=row.pk).exists()
    more = render_to_string("handoffs/destinations/_next_default.html", {"form": form, "back": request.GET.get("back")})
    context = page.context(
        id="destination-delete",
        title=_("Delete {name}?").format(name=row.name),
        name=row.name,
        url=reverse("destination-delete", args=[row.pk]),
        consequence=_consequence(row, has_heirs=heirs),
        uses=uses,
        more=more if row.is_default and heirs else "",
        opener=f"menu-{row.pk}",
    )
    return render(request, "handoffs/destinations/_delete.html", context)


def _consequence(row: Destination, *, has_heirs: bool) -> str:
    if row.is_default and not has_heirs:
        return _("It is the last destination. Until there is another, a handoff has nowhere to go")
    if row.is_default:
        return _("It is the default: whatever names no destination comes here. Another one takes over")
    return _("Live conversations keep it until the next release. Handoffs already under way are not touched")


def _page_of(use: Use) -> str:
    """Where the use can be changed; empty while there is no page for it."""
    try:
        return reverse(use.url_name, args=[use.argument] if use.argument else [])
    except NoReverseMatch:
        return ""


@console_page(EDIT, methods=WRITE, of=Destination)
def fix_method(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    """The one-click fix of a card: the method its line requires; where that needs a route first, its form."""
    try:
        changes = use_required_method(destination=row, user=page.user, at=timezone.now())
    except WouldStrand as refused:
        messages.error(request, _("Not changed. {problem}").format(problem=refused))
        return redirect("destination-edit", pk=row.pk)
    except DestinationRefused as refused:
        messages.error(request, str(refused))
    else:
        method = str(changes[0].after).upper() if changes else row.method.upper()
        messages.info(request, _("{name} uses {method}").format(name=row.name, method=method))
    return _back_to_list(request)


@console_page(EDIT, methods=WRITE)
def reset_methods(request: HttpRequest, page: Page) -> HttpResponse:
    """Every destination to the method its line requires."""
    reset = reset_to_required_method(project=page.project, user=page.user, at=timezone.now())
    number = len(reset.changed)
    said = ngettext("{number} destination changed", "{number} destinations changed", number).format(number=number)
    messages.info(request, said)
    if reset.left:
        names = ", ".join(row.name for row in reset.left)
        messages.error(request, _("Not changed, they need a route first: {names}").format(names=names))
    return _back_to_list(request)


def _say_with_undo(request: HttpRequest, said: str, url: str, *, typed: str = "") -> None:
    messages.info(
        request, render_to_string("handoffs/destinations/_undo.html", {"said": said, "url": url, "typed": typed})
    )


def _list_url(ways: Ways, search: str, number: int = 1) -> str:
    asked = {"ways": ways.value, "q": search, "page": "" if number == 1 else str(number)}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('destinations')}?{query}" if query else reverse("destinations")


def _kept_query(asked: QueryDict) -> str:
    return urlencode({name: asked[name] for name in KEPT if asked.get(name)})


def _back_to_list(request: HttpRequest) -> HttpResponse:
    query = _kept_query(QueryDict(request.POST.get("back", "")))
    return redirect(f"{reverse('destinations')}?{query}" if query else reverse("destinations"))


urlpatterns = [
    path("", list_destinations, name="destinations"),
    path("reset-method/", reset_methods, name="destinations-reset-method"),
    path("<uuid:pk>/duplicate/", duplicate, name="destination-duplicate"),
    path("<uuid:pk>/default/", make_default, name="destination-default"),
    path("<uuid:pk>/delete/", delete, name="destination-delete"),
    path("<uuid:pk>/method/", fix_method, name="destination-method"),
]
