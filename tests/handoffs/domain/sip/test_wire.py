"""The rendered bytes, read back by two readers that know nothing of how they were written."""

import io
import re
from http.client import parse_headers
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.dialog import Dialog, sample_dialog
from handoffs.domain.sip.findings import Refusal, Severity
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.sip.voice import (
    Encryption,
    HeaderConfig,
    HeaderPlace,
    LineConfig,
    LineKind,
    MissingVariable,
    SipMethod,
    Transport,
    VoiceConfig,
)
from handoffs.domain.sip.wire import WireLine, WireOrigin, describe_size, encode, render_wire

LINE = LineConfig(domain="sbc.fernhill.example", caller="sip:ai@studio.fernhill.example")
FIRST = ["Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq"]
FRAME = {  # the names a request has without any header of ours, before and behind them
    SipMethod.REFER: ([*FIRST, "Contact", "Refer-To", "Referred-By"], ["Content-Length"]),
    SipMethod.INVITE: ([*FIRST, "Contact"], ["Content-Type", "Content-Length"]),
    SipMethod.BYE: (FIRST, ["Content-Length"]),
}


def plan(voice, *, line=LINE, headers=(), variables=None, route=""):
    return plan_transfer(
        destination=DestinationConfig(key="complaints", name="Complaints", voice=voice),
        line=line,
        arguments=CallArguments(headers=headers, route=route),
        variables=variables or {},
    )


def read_strictly(message):
    """Start line, (name, value) pairs and body; fails on anything but CRLF line ends and `name: value`."""
    head, _, body = message.partition(b"\r\n\r\n")
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", message) is None
    assert re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", message) is None
    start, *lines = head.split(b"\r\n")
    pairs = []
    for line in lines:
        found = re.match(rb"([A-Za-z0-9.!%*_+`'~-]+):(?: (.*))?\Z", line, re.DOTALL)
        assert found, line
        pairs.append((found[1].decode(), (found[2] or b"").decode()))
    return start.decode(), pairs, body


def read_with_the_standard_library(message):
    _, _, rest = message.partition(b"\r\n")
    read = parse_headers(io.BytesIO(rest))
    return [(name, value.encode("iso-8859-1").decode()) for name, value in read.items()]


def read_carried(refer_to):
    """The headers a referee would copy from a Refer-To into its own request."""
    uri = re.fullmatch(r"<([^<>]*)>", refer_to)[1]
    _, _, carried = uri.partition("?")
    pairs = [pair.partition("=") for pair in carried.split("&")] if carried else []
    return [(unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()) for name, _, value in pairs]


def test_the_refer_of_a_plan():
    voice = VoiceConfig(
        route="sip:complaints@sbc.fernhill.example",
        headers=(
            HeaderConfig("X-Customer-ID", "$customer_id"),
            HeaderConfig("X-Reason", "$reason"),
            HeaderConfig("X-Account", "acct:$cus"),
        ),
    )
    made = plan(voice, headers={"X-Reason": "complaint"}, variables={"customer_id": "FM-208441"})
    dialog = Dialog(
        local_uri="sip:ai@studio.fernhill.example",
        local_tag="9f21",
        remote_uri="sip:+447700900233@sbc.fernhill.example",
        remote_tag="a6c8",
        remote_target="sip:+442079460142@fernhill.pstn.example",
        call_id="5b1f0c7e@studio.fernhill.example",
        sequence=3,
        address="192.0.2.14:5061",
        branch="z9hG4bK7d1c",
        transport=Transport.TLS,
        routes=("sip:edge.fernhill.example;lr",),
    )
    lines = render_wire(made, dialog)
    assert encode(lines) == (
        b"REFER sip:+442079460142@fernhill.pstn.example SIP/2.0\r\n"
        b"Via: SIP/2.0/TLS 192.0.2.14:5061;branch=z9hG4bK7d1c\r\n"
        b"Route: <sip:edge.fernhill.example;lr>\r\n"
        b"Max-Forwards: 70\r\n"
        b"From: <sip:ai@studio.fernhill.example>;tag=9f21\r\n"
        b"To: <sip:+447700900233@sbc.fernhill.example>;tag=a6c8\r\n"
        b"Call-ID: 5b1f0c7e@studio.fernhill.example\r\n"
        b"CSeq: 3 REFER\r\n"
        b"Contact: <sip:192.0.2.14:5061;transport=tls>\r\n"
        b"Refer-To: <sip:complaints@sbc.fernhill.example>\r\n"
        b"Referred-By: <sip:ai@studio.fernhill.example>\r\n"
        b"X-Customer-ID: FM-208441\r\n"
        b"X-Reason: complaint\r\n"
        b"Content-Length: 0\r\n"
        b"\r\n"
    )
    assert [(line.name, line.origin) for line in lines if line.origin is not WireOrigin.PROTOCOL] == [
        ("Refer-To", WireOrigin.DESTINATION),
        ("X-Customer-ID", WireOrigin.DESTINATION),
        ("X-Reason", WireOrigin.CALL),
        ("X-Account", WireOrigin.INCOMPLETE),
    ]


def test_the_invite_of_a_plan_offers_what_its_encryption_asks_for():
    voice = VoiceConfig(method=SipMethod.INVITE, route="sips:retention@pbx.fernhill.example")
    made = plan(voice)
    start, pairs, body = read_strictly(encode(render_wire(made, sample_dialog(made))))
    assert start == "INVITE sips:retention@pbx.fernhill.example SIP/2.0"
    assert dict(pairs)["To"] == "<sips:retention@pbx.fernhill.example>"
    assert dict(pairs)["Via"].startswith("SIP/2.0/TLS 192.0.2.14:5061;")
    assert b"m=audio 40000 RTP/SAVP 0 8 101\r\n" in body
    assert b"inline:****************************************\r\n" in body
    plain = plan(VoiceConfig(method=SipMethod.INVITE, route="5001", encryption=Encryption.UDP_RTP))
    _, pairs, body = read_strictly(encode(render_wire(plain, sample_dialog(plain))))
    assert dict(pairs)["Via"].startswith("SIP/2.0/UDP 192.0.2.14:5060;")
    assert b"m=audio 40000 RTP/AVP 0 8 101\r\n" in body
    assert b"crypto" not in body


def test_a_sample_dialog_is_the_same_each_time_and_takes_the_customers_number():
    made = plan(VoiceConfig(route="5001"))
    assert sample_dialog(made) == sample_dialog(made)
    assert sample_dialog(made, caller_id="+44 7700 900233").remote_uri == "sip:+447700900233@sbc.fernhill.example"
    assert sample_dialog(made, caller_id="x\r\nVia: y").remote_uri == "sip:+447700900123@sbc.fernhill.example"
    assert sample_dialog(plan(VoiceConfig(method=SipMethod.BYE), line=LineConfig())).remote_uri.endswith("@sbc.example")


@pytest.mark.parametrize("method", [SipMethod.REFER, SipMethod.INVITE])
def test_a_plan_without_a_target_is_shown_and_never_encoded(method):
    made = plan(VoiceConfig(method=method, route=""))
    lines = render_wire(made, sample_dialog(made))
    assert any(line.is_needed and not line.is_sent for line in lines)
    with pytest.raises(Refusal, match="Mend the route first"):
        encode(lines)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("X-A: 1\r\nVia: x", "X-A"),
        ("X-A: 1\n", "X-A"),
        ("X-A: \x00", "X-A"),
        ("X-A: \ud800", "X-A"),
        ("X-A: \u2028", "X-A"),
        (" X-A: 1", ""),
        ("\tX-A: 1", ""),
        ("", ""),
        ("X A: 1", "X A"),
        ("X-B: 1", "X-A"),
    ],
)
def test_whoever_wrote_it_a_line_that_is_not_one_header_is_not_encoded(text, name):
    with pytest.raises(Refusal):
        encode([WireLine(text, WireOrigin.PROTOCOL, name=name)])


@pytest.mark.parametrize(
    ("transport", "length", "code", "severity", "sentence"),
    [
        (Transport.UDP, 1, "size", Severity.NOTE, "320 octets, fits one UDP packet"),
        (Transport.UDP, 981, "size", Severity.NOTE, "1,300 octets, fits one UDP packet"),
        (
            Transport.UDP,
            982,
            "udp-size",
            Severity.WARNING,
            "1,301 octets are too many for one UDP packet. UDP will switch to TCP",
        ),
        (Transport.TLS, 982, "size", Severity.NOTE, "1,301 octets by TLS"),
    ],
)
def test_the_size_of_a_message_is_told(transport, length, code, severity, sentence):
    line = LineConfig(domain="sbc.fernhill.example", transport=transport)
    made = plan(VoiceConfig(method=SipMethod.BYE), line=line, headers={"X-A": "a" * length})
    lint = describe_size(render_wire(made, sample_dialog(made)), made)
    assert (lint.code, lint.severity, lint.sentence) == (code, severity, sentence)


ANY_CHARACTER = st.characters(exclude_categories=())  # half surrogate pairs too
BREAKS = ("\r\n", "\n", "\r", "\0", "\t", "\r\n\r\n", "\r\n ", "\x85", "\u2028", "%0D%0A", "\ud800")
MARKS = (":", " ", "&", "=", "?", ">", ";", "$a", "${b.c}", "$$", "$", "${", "Ā", "…", "é")
WORDS = ("Via: x", "X-A", "Content-Length", "body")
HOSTILE = st.sampled_from((*BREAKS, *MARKS, *WORDS))
TEXT = st.lists(HOSTILE | st.text(ANY_CHARACTER, max_size=4), max_size=8).map("".join)
TOKEN = st.text(alphabet="XYabyz019-.!%*_+`'~", min_size=1, max_size=10)
NAME = TOKEN.map(lambda token: f"X-{token}") | TOKEN | TEXT | st.sampled_from(["Via", "to", "v", "Body", "x-a", "X-A"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
CONFIGURED = st.lists(st.builds(HeaderConfig, NAME, TEXT, st.sampled_from(list(MissingVariable))), max_size=5)
GIVEN = st.lists(st.tuples(NAME, JSON), max_size=5)
VARIABLES = st.fixed_dictionaries({"a": JSON, "b": JSON | st.fixed_dictionaries({"c": JSON})})
ROUTES = st.sampled_from(["sip:desk@pbx.example", "sips:a;b=c@h.example;lr", "tel:+442079460177", "5#1", ""]) | TEXT
LINES = st.builds(
    LineConfig,
    kind=st.sampled_from(list(LineKind)),
    domain=st.sampled_from(["sbc.example", "[2001:db8::1]:5061", ""]) | TEXT,
    caller=st.just("") | TEXT,
    transport=st.sampled_from(list(Transport)),
    header_place=st.sampled_from(list(HeaderPlace)),
    hides_route=st.booleans(),
    hides_headers=st.booleans(),
    allowed_headers=st.lists(NAME, max_size=2).map(tuple),
)


def one_line(text):
    """What the product page says of run-time values, letter by letter."""
    out = []
    for letter in text:
        code = ord(letter)
        if code < 32 or 127 <= code <= 159 or code in (0x2028, 0x2029):
            if not out or out[-1] is not None:
                out.append(None)
        else:
            out.append("\ufffd" if 0xD800 <= code <= 0xDFFF else letter)
    return "".join(" " if letter is None else letter for letter in out).strip()


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from(list(SipMethod)),
    encryption=st.sampled_from(list(Encryption)),
    route=ROUTES,
    given_route=ROUTES,
    line=LINES,
    configured=CONFIGURED,
    headers=GIVEN,
    variables=VARIABLES,
    caller_id=TEXT,
)
def test_no_input_yields_other_headers_than_those_asked_for(
    method, encryption, route, given_route, line, configured, headers, variables, caller_id
):
    voice = VoiceConfig(method=method, route=route, encryption=encryption, headers=tuple(configured))
    made = plan(voice, line=line, headers=headers, variables=variables, route=given_route)
    lines = render_wire(made, sample_dialog(made, caller_id=caller_id))
    if any(line.is_needed and not line.is_sent for line in lines):
        assert made.problems
        return
    message = encode(lines)
    start, pairs, body = read_strictly(message)
    assert read_with_the_standard_library(message) == pairs
    before, behind = FRAME[method]
    assert [name for name, _ in pairs[: len(before)]] == before
    assert [name for name, _ in pairs[len(pairs) - len(behind) :]] == behind
    ours = pairs[len(before) : len(pairs) - len(behind)]
    carried = read_carried(dict(pairs)["Refer-To"]) if method is SipMethod.REFER else []
    assert ours == [(each.name, each.value) for each in made.sent if each.place is not HeaderPlace.REFER_TO]
    assert carried == [(each.name, each.value) for each in made.sent if each.place is not HeaderPlace.REQUEST]
    for sent in made.sent:  # each was asked for under this very name, once, and is not one of the call's own
        assert sent.name in {name for name, _ in headers} | {header.name for header in configured}
        assert sent.name.lower() not in {name.lower() for name in before + behind}
        assert one_line(sent.value) == sent.value
    assert len({each.name.lower() for each in made.sent}) == len(made.sent) <= 20
    assert re.fullmatch(r"(REFER|INVITE|BYE) [^\s<>]+ SIP/2\.0", start)
    assert dict(pairs)["Content-Length"] == str(len(body))


@given(TOKEN, TEXT)
def test_a_value_given_by_the_call_arrives_as_it_was_but_for_what_no_line_holds(token, value):
    made = plan(VoiceConfig(method=SipMethod.BYE), headers={f"X-{token}": value})
    _, pairs, _ = read_strictly(encode(render_wire(made, sample_dialog(made))))
    assert dict(pairs).get(f"X-{token}") == one_line(value)


@given(TOKEN, st.text(min_size=1))
def test_a_variables_value_arrives_as_it_was_but_for_what_no_line_holds(token, value):
    voice = VoiceConfig(method=SipMethod.BYE, headers=(HeaderConfig(f"X-{token}", "<$a>"),))
    made = plan(voice, variables={"a": value})
    _, pairs, _ = read_strictly(encode(render_wire(made, sample_dialog(made))))
    assert dict(pairs)[f"X-{token}"] == one_line(f"<{value}>")
