"""What the pages have in common that delete a row others may use."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from conversations.views.editing import is_name_typed
from handoffs.selectors.destination_uses import Use
from handoffs.services.removal import StillInUse

MOST_USES_SHOWN = 10


def answer_delete(request: HttpRequest, *, name: str, back: str, then: str, delete: Callable[[], None]) -> HttpResponse:
    """Delete what was confirmed by typing its name and go on to `then`; else go back and say why not."""
    if not is_name_typed(request, name):
        return redirect(back)
    try:
        delete()
    except StillInUse as refused:
        uses = ", ".join(words for words, _page in linked_uses(refused.uses))
        messages.error(
            request,
            _("Not deleted: {name} is still in use. Point these elsewhere first: {uses}").format(name=name, uses=uses),
        )
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
