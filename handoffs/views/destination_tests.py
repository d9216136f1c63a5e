"""Testing a destination in the sandbox: a dialog that says what will happen, then what did."""

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from conversations.domain.permissions import Permission
from conversations.views.console import BOTH, Page, console_page
from handoffs.models import Destination
from handoffs.selectors.destination_cards import read_cards, read_tests
from handoffs.selectors.destination_surroundings import read_surroundings
from handoffs.services.destination_tests import run_destination_test
from handoffs.views.destination_editor import TESTS_SHOWN

EDITOR = "editor"


@console_page(Permission.DESTINATIONS_EDIT, methods=BOTH, of=Destination)
def run_test(request: HttpRequest, page: Page, row: Destination) -> HttpResponse:
    """What will be tried; posted, what was found, with the health of the page it was asked from."""
    asked = request.POST if request.method == "POST" else request.GET
    place = asked.get("place", "")
    context = page.context(row=row, place=place, opener="test-opener" if place == EDITOR else f"menu-{row.pk}")
    if request.method != "POST":
        return render(request, "handoffs/destinations/_test_dialog.html", context)
    test = run_destination_test(destination=row, user=page.user, at=timezone.now(), stopwatch=time.perf_counter)
    context["test"] = test
    if place == EDITOR:
        context["tests"] = read_tests(row, newest=TESTS_SHOWN)
    else:
        around = read_surroundings(page.project)
        context["card"] = read_cards(page.project, [row], around, at=timezone.now())[0]
    return render(request, "handoffs/destinations/_test_result.html", context)


urlpatterns = [path("<uuid:pk>/test/", run_test, name="destination-test")]
