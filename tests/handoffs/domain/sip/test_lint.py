import pytest

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.findings import Severity
from handoffs.domain.sip.lines import check_line
from handoffs.domain.sip.lint import check_saved, lint_destination
from handoffs.domain.sip.voice import (
    Encryption,
    HeaderConfig,
    HeaderPlace,
    LineConfig,
    LineKind,
    SipMethod,
    VoiceConfig,
)

LINE = LineConfig(name="Fernhill trunk", domain="sbc.fernhill.example")
DESK = "sip:desk@sbc.fernhill.example"


def lints(voice, *, line=LINE, known=("customer_id", "customer.tier"), utterance=""):
    destination = DestinationConfig(key="desk", name="Desk", voice=voice, utterance=utterance)
    return lint_destination(destination, line=line, known_variables=known)


def told(found):
    return [(lint.code, lint.subject) for lint in found]


def test_a_destination_without_a_voice_route_has_nothing_to_say():
    assert lints(None) == ()


def test_a_plain_route_has_nothing_to_say():
    assert lints(VoiceConfig(route=DESK, headers=(HeaderConfig("X-Customer-ID", "$customer_id"),))) == ()


@pytest.mark.parametrize(
    ("voice", "line", "expected"),
    [
        (VoiceConfig(route=""), LINE, [("route-missing", "route")]),
        (VoiceConfig(method=SipMethod.BYE), LINE, []),
        (VoiceConfig(route=""), LineConfig(domain="sbc.example", hides_route=True), []),
        (VoiceConfig(route=""), LineConfig(hides_route=True), [("line-domain", "route")]),
        (VoiceConfig(route="5001"), LineConfig(), [("line-domain", "route")]),
        (VoiceConfig(route="$desk"), LINE, [("route-variable", "route")]),
        (VoiceConfig(method=SipMethod.BYE, route="anything at all"), LINE, []),
        (
            VoiceConfig(route="x", headers=(HeaderConfig("Via", ""),)),
            LINE,
            [("route-unknown", "route"), ("header-reserved", "headers[0].name")],
        ),
        (
            VoiceConfig(route=DESK, headers=(HeaderConfig("Via", ""),)),
            LineConfig(domain="sbc.example", hides_headers=True),
            [],
        ),
    ],
)
def test_what_must_be_mended_before_saving_is_told_by_field(voice, line, expected):
    found = check_saved(voice, line=line)
    assert told(found) == expected
    assert {lint.severity for lint in found} <= {Severity.PROBLEM}


@pytest.mark.parametrize(
    ("voice", "line", "expected"),
    [
        (
            VoiceConfig(method=SipMethod.INVITE, route=DESK),
            LineConfig(name="The Twilio number", domain="a.example", required_method=SipMethod.REFER),
            [("method-mismatch", "method")],
        ),
        (
            VoiceConfig(route=DESK),
            LineConfig(domain="a.example", hides_route=True),
            [("route-hidden", "route")],
        ),
        (
            VoiceConfig(route=DESK, headers=(HeaderConfig("X-A", "1"),)),
            LineConfig(domain="a.example", hides_headers=True),
            [("headers-hidden", "headers")],
        ),
        (VoiceConfig(route="tel:+44-2079460177"), LINE, [("tel-separators", "route")]),
        (VoiceConfig(route="02079460177"), LINE, [("extension-long", "route")]),
        (
            VoiceConfig(method=SipMethod.INVITE, route="sips:a@b.example", encryption=Encryption.UDP_RTP),
            LINE,
            [("encryption-mismatch", "encryption")],
        ),
        (
            VoiceConfig(method=SipMethod.INVITE, route="sip:a@b.example;transport=UDP"),
            LINE,
            [("encryption-mismatch", "encryption")],
        ),
        (VoiceConfig(route="sip:a@b.example;transport=udp"), LINE, []),
        (
            VoiceConfig(route="tel:+442079460177", headers=(HeaderConfig("X-A", "1"),)),
            LineConfig(domain="a.example", header_place=HeaderPlace.BOTH),
            [("tel-carries-no-headers", "headers")],
        ),
    ],
)
def test_what_works_but_may_not_be_meant_is_warned_of(voice, line, expected):
    assert told(lints(voice, line=line)) == expected


def test_the_utterance_of_a_refer_is_warned_of():
    assert told(lints(VoiceConfig(route=DESK), utterance="One moment")) == [("utterance-cut-off", "utterance")]
    assert lints(VoiceConfig(method=SipMethod.INVITE, route=DESK), utterance="One moment") == ()


@pytest.mark.parametrize(
    ("name", "value", "expected", "sentence"),
    [
        (
            "Customer",
            "1",
            ("header-x-prefix", "headers[0].name"),
            "Customer does not begin with X- and may be dropped on the way. Try X-Customer",
        ),
        (
            "X-A",
            " ",
            ("value-empty", "headers[0].value"),
            "An empty header tells nobody anything. Give it a value, or remove it",
        ),
        (
            "X-A",
            "acct:$cus",
            ("variable-unfinished", "headers[0].value"),
            "$cus is an unfinished variable. Try $customer_id",
        ),
        (
            "X-A",
            "${customer.ti",
            ("variable-unfinished", "headers[0].value"),
            "“${customer.ti” is an unfinished variable",
        ),
        (
            "X-A",
            "${customer.ti}",
            ("variable-unfinished", "headers[0].value"),
            "${customer.ti} is an unfinished variable. Try ${customer.tier}",
        ),
        ("X-A", "$order x", ("variable-unset", "headers[0].value"), "No conversation so far has set $order"),
        (
            "X-A",
            "$customer_id.name",
            ("variable-dots", "headers[0].value"),
            "Only $customer_id is replaced here. For a member try ${customer_id.name}",
        ),
        (
            "X-A",
            "costs $5",
            ("lone-dollar", "headers[0].value"),
            "A dollar sign alone is sent as it is. Write $$ to be clear",
        ),
    ],
)
def test_a_header_is_advised_on(name, value, expected, sentence):
    found = lints(VoiceConfig(route=DESK, headers=(HeaderConfig(name, value),)))
    assert told(found) == [expected]
    assert found[0].sentence == sentence


def test_built_in_variables_are_always_known_and_unknown_ones_pass_where_none_are_listed():
    voice = VoiceConfig(route=DESK, headers=(HeaderConfig("X-A", "$caller_id $anything"),))
    assert told(lints(voice, known=())) == [("variable-unset", "headers[0].value")]
    assert lints(voice, known=None) == ()


def test_the_same_is_said_once():
    voice = VoiceConfig(route=DESK, headers=(HeaderConfig("X-A", "$x $x $x ."),))
    assert len(lints(voice)) == 1


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (LineConfig(domain="sbc.example:5061"), []),
        (LineConfig(domain="[2001:db8::1]:5061", caller="sips:ai@studio.example"), []),
        (LineConfig(kind=LineKind.TWILIO_NUMBER), []),
        (LineConfig(), [("line-domain", "domain")]),
        (LineConfig(domain="sbc example"), [("host", "domain")]),
        (LineConfig(domain="sbc.example:0"), [("port", "domain")]),
        (LineConfig(domain="a.example", caller="ai@studio"), [("uri-scheme", "caller")]),
        (LineConfig(domain="a.example", caller="sip:ai@b.example?a=b"), [("caller-headers", "caller")]),
        (
            LineConfig(domain="a.example", allowed_headers=("Reason", "User to User")),
            [("header-name-space", "allowed_headers")],
        ),
    ],
)
def test_a_line_is_checked_before_it_is_saved(line, expected):
    assert told(check_line(line)) == expected
