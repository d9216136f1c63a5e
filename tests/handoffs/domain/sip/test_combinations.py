"""Every combination of method, route, encryption, headers and the line's constraint: what the form shows, what would
be saved, and what the plan says. The table's rules are written here a second time, as sentences of the product."""

from itertools import product

import pytest

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.dialog import sample_dialog
from handoffs.domain.sip.fields import apply_constraints, fields_shown
from handoffs.domain.sip.lint import check_saved, lint_destination
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.sip.voice import Encryption, HeaderConfig, HeaderPlace, LineConfig, SipMethod, VoiceConfig
from handoffs.domain.sip.wire import encode, render_wire

DOMAIN = "sbc.fernhill.example"
REFER, INVITE, BYE = SipMethod.REFER, SipMethod.INVITE, SipMethod.BYE

# What is typed, and what it means by REFER and by INVITE; None: it cannot be saved.
ROUTES = {
    "": (None, None),
    "sip:desk@pbx.example": ("sip:desk@pbx.example", "sip:desk@pbx.example"),
    "sips:desk@pbx.example": ("sips:desk@pbx.example", "sips:desk@pbx.example"),
    "tel:+442079460177": ("tel:+442079460177", f"sip:+442079460177@{DOMAIN};user=phone"),
    "+44 20 7946 0177": (f"sip:+442079460177@{DOMAIN};user=phone",) * 2,
    "5001": (f"sip:5001@{DOMAIN}",) * 2,
    "desk@pbx.example": (None, None),
}
HEADERS = {
    "no headers": (),
    "two headers": (HeaderConfig("X-Customer-ID", "$customer_id"), HeaderConfig("X-Team", "desk")),
    "a reserved header": (HeaderConfig("Via", "1"),),
}
CONSTRAINTS = {
    "nothing": {},
    "locked to REFER": {"required_method": REFER},
    "locked to INVITE": {"required_method": INVITE},
    "locked to BYE": {"required_method": BYE},
    "hides the route": {"hides_route": True},
    "hides the headers": {"hides_headers": True},
    "headers in Refer-To": {"header_place": HeaderPlace.REFER_TO},
    "headers in both": {"header_place": HeaderPlace.BOTH},
    "locked to REFER, hides both": {"required_method": REFER, "hides_route": True, "hides_headers": True},
}
ROWS = list(product(SipMethod, ROUTES, CONSTRAINTS))
CELLS = list(product(Encryption, HEADERS))  # of each row; a test apiece would only cost time


def configured(method, route, constraint, encryption, headers):
    voice = VoiceConfig(method=method, route=route, encryption=encryption, headers=HEADERS[headers])
    return voice, LineConfig(name="Trunk", domain=DOMAIN, **CONSTRAINTS[constraint])


def planned(voice, line):
    return plan_transfer(
        destination=DestinationConfig(key="desk", name="Desk", voice=voice),
        line=line,
        arguments=CallArguments(),
        variables={"customer_id": "FM-208441"},
    )


def can_be_saved(method, route, headers, line):
    route_is_good = method is BYE or line.hides_route or ROUTES[route][0] is not None
    return route_is_good and (line.hides_headers or headers != "a reserved header")


@pytest.mark.parametrize(("method", "route", "constraint"), ROWS)
def test_what_the_form_shows(method, route, constraint):
    for cell in CELLS:
        check_form(*configured(method, route, constraint, *cell))


def check_form(voice, line):
    shown = fields_shown(voice.method, line)
    assert shown.method is (line.required_method or voice.method)
    assert shown.is_method_locked is (line.required_method is not None)
    assert shown.route is (shown.method in (REFER, INVITE) and not line.hides_route)
    assert shown.encryption is (shown.method is INVITE)
    assert shown.headers is not line.hides_headers


@pytest.mark.parametrize(("method", "route", "constraint"), ROWS)
def test_what_is_saved(method, route, constraint):
    for encryption, headers in CELLS:
        check_saving(*configured(method, route, constraint, encryption, headers), route, encryption, headers)


def check_saving(voice, line, route, encryption, headers):
    saved = apply_constraints(voice, line)
    shown = fields_shown(voice.method, line)
    assert saved.method is shown.method
    assert saved.route == (route if shown.route else "")
    assert saved.encryption is (encryption if shown.encryption else Encryption.TLS_SRTP)
    assert saved.headers == (HEADERS[headers] if shown.headers else ())
    assert apply_constraints(saved, line) == saved
    assert (check_saved(saved, line=line) == ()) is can_be_saved(saved.method, route, headers, line)


@pytest.mark.parametrize(("method", "route", "constraint"), ROWS)
def test_what_the_plan_of_the_saved_says(method, route, constraint):
    for encryption, headers in CELLS:
        check_plan(*configured(method, route, constraint, encryption, headers), route, encryption, headers)


def check_plan(voice, line, route, encryption, headers):
    saved = apply_constraints(voice, line)
    made = planned(saved, line)
    by_refer, by_invite = (f"sip:{DOMAIN}",) * 2 if line.hides_route else ROUTES[route]
    target = {REFER: by_refer, INVITE: by_invite, BYE: ""}[saved.method]
    assert made.target == (target or "")
    assert [lint.subject for lint in made.problems] == ([] if target is not None else ["route"])
    assert made.encryption is (encryption if saved.method is INVITE else None)
    expected = [] if line.hides_headers or headers != "two headers" else ["X-Customer-ID", "X-Team"]
    assert [header.name for header in made.sent] == expected
    in_target = saved.method is REFER and not made.target.startswith("tel:")
    assert {header.place for header in made.sent} <= {line.header_place if in_target else HeaderPlace.REQUEST}
    assert not [lint for lint in made.warnings if lint.code == "method-mismatch"]
    if target is not None:
        assert encode(render_wire(made, sample_dialog(made))).startswith(saved.method.upper().encode())


@pytest.mark.parametrize(("method", "route", "constraint"), ROWS)
def test_what_card_and_plan_say_of_a_route_saved_before_the_line_was_constrained(method, route, constraint):
    for cell in CELLS:
        check_card(*configured(method, route, constraint, *cell))


def check_card(voice, line):
    is_mismatch = line.required_method not in (None, voice.method)
    card = lint_destination(DestinationConfig(key="desk", name="Desk", voice=voice), line=line)
    made = planned(voice, line)
    assert made.method is voice.method
    for lints in (card, made.warnings):
        assert [lint.code for lint in lints].count("method-mismatch") == is_mismatch
        assert [lint.code for lint in lints].count("headers-hidden") == (line.hides_headers and bool(voice.headers))
    assert line.hides_headers is False or made.sent == ()


def test_the_table_is_whole():
    assert len(ROWS) * len(CELLS) == 3 * 7 * 2 * 3 * 9
