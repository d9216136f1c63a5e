"""Every combination of method, route, encryption, headers and constraint: what the form shows, what is saved, and what
the plan says. The rule is the domain's; this is that the page keeps it."""

import html
import itertools

import pytest
from django.urls import reverse

from handoffs.domain.sip.fields import FieldsShown, fields_shown
from handoffs.domain.sip.lint import check_saved
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.sip.voice import LineConfig, SipMethod
from handoffs.models import Destination, Line
from handoffs.selectors.destination_surroundings import read_build_lines, read_config_of
from tests.handoffs.views.settings_forms import listed, shown

STORED = {
    "route": "sip:stored@sbc.example.com",
    "encryption": "tls_srtp",
    "headers": [{"name": "X-Stored", "value": "1", "when_missing": "drop"}],
}
ROUTES = {"none": "", "sip": "sip:desk@pbx.example.com", "number": "+442079460142", "wrong": "front desk"}
HEADERS = {
    "none": [],
    "good": [{"name": "X-Reason", "value": "$reason", "when_missing": "drop"}],
    "wrong": [{"name": "Via", "value": "x", "when_missing": "drop"}],
}
CONSTRAINTS = {
    "open": {},
    "locked": {"required_method": "refer"},
    "no route": {"hides_route": True},
    "no headers": {"hides_headers": True},
    "all": {"required_method": "invite", "hides_route": True, "hides_headers": True},
}
FILLED = list(itertools.product(ROUTES, ("tls_srtp", "udp_rtp"), HEADERS))


@pytest.fixture
def place(project, request):
    """A stored destination of the method, on a line with the constraint."""
    method, constraint = request.param
    constraints = CONSTRAINTS[constraint]
    Line.objects.create(
        project=project, environment="live", key="line", name="Line", domain="sbc.example.com", **constraints
    )
    (line,) = read_build_lines(project)
    row = Destination.objects.create(
        project=project, key="desk", name="Desk", desk_key="", method=method.value, **STORED
    )
    return row, line, fields_shown(method, line)


PLACES = pytest.mark.parametrize(
    "place", list(itertools.product(SipMethod, CONSTRAINTS)), indirect=True, ids=lambda place: f"{place[0]} {place[1]}"
)


def columns(row: Destination) -> dict[str, object]:
    return {"method": row.method, "route": row.route, "encryption": row.encryption, "headers": row.headers}


@PLACES
def test_the_form_shows_what_the_method_has_on_the_line(as_owner, place):
    row, _, shown_fields = place
    page = html.unescape(as_owner.get(reverse("destination-edit", args=[row.pk])).content.decode())
    for part in ("route", "encryption", "headers"):
        assert f'data-part="{part}"' in page
        assert (f'data-part="{part}" hidden' not in page) is getattr(shown_fields, part), part
    offered = {each for each in SipMethod if f'data-method="{each.value}" hidden' not in page}
    assert offered == set(shown_fields.methods)
    assert f'value="{shown_fields.method.value}" checked' in page


@PLACES
def test_what_is_shown_is_saved_what_is_not_stays_and_the_plan_says_the_same(as_owner, place):
    row, line, shown_fields = place
    url = reverse("destination-edit", args=[row.pk])
    opened = shown(as_owner, url)
    method = row.method
    for route, encryption, headers in FILLED:
        Destination.objects.filter(pk=row.pk).update(method=method, revision=1, **STORED)
        asked = {"route": ROUTES[route], "encryption": encryption, "headers": HEADERS[headers]}
        sent = {**opened, "method": method, "route": asked["route"], "encryption": encryption}
        answer = as_owner.post(url, {**sent, **listed("headers", asked["headers"])})

        row.refresh_from_db()
        about = (method, route, encryption, headers)
        wrong_route = shown_fields.route and route in ("none", "wrong")
        if wrong_route or (shown_fields.headers and headers == "wrong"):
            assert answer.status_code == 422, about
            assert columns(row) == {"method": method, **STORED}, about
            continue
        kept = {name: asked[name] if getattr(shown_fields, name) else STORED[name] for name in STORED}
        assert answer.status_code == 302, about
        assert columns(row) == {"method": shown_fields.method.value, **kept}, about
        assert_plan_agrees(row, line, shown_fields)


def assert_plan_agrees(row: Destination, line: LineConfig, shown_fields: FieldsShown) -> None:
    destination = read_config_of(row)
    assert check_saved(destination.voice, line=line) == ()
    plan = plan_transfer(destination=destination, line=line, arguments=CallArguments(reason="test"), variables={})
    assert plan.problems == ()
    assert plan.method is shown_fields.method
    assert bool(plan.target) is (plan.method is not SipMethod.BYE)
    assert plan.encryption == (row.encryption if shown_fields.encryption else None)
    carried = [header["name"] for header in row.headers] if shown_fields.headers else []
    assert [header.name for header in plan.sent] == carried
