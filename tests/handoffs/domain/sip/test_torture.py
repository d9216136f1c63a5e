"""The ideas of the torture tests for SIP (RFC 4475) and for IPv6 in SIP (RFC 5118) that touch header fields and URIs,
as somebody might type them into a destination. The messages are our own; what only a receiver meets is not here.
"""

import pytest

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.dialog import sample_dialog
from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.grammar import read_header_value
from handoffs.domain.sip.headers import check_name
from handoffs.domain.sip.plan import CallArguments, plan_transfer
from handoffs.domain.sip.route import read_route
from handoffs.domain.sip.sdp import write_offer
from handoffs.domain.sip.uris import read_sip_uri
from handoffs.domain.sip.voice import Encryption, HeaderConfig, LineConfig, SipMethod, VoiceConfig
from handoffs.domain.sip.wire import encode, render_wire

LINE = LineConfig(domain="sbc.fernhill.example")


def refusal(read, *arguments):
    with pytest.raises(Refusal) as refused:
        read(*arguments)
    return refused.value.code


def message(method=SipMethod.REFER, route="sip:desk@sbc.fernhill.example", **arguments):
    destination = DestinationConfig(key="desk", name="Desk", voice=VoiceConfig(method=method, route=route))
    plan = plan_transfer(
        destination=destination, line=LINE, arguments=CallArguments(**arguments), variables={"unset": None}
    )
    return encode(render_wire(plan, sample_dialog(plan))).decode()


ACCEPTED_URIS = {
    "a user part of every character that needs no escape (4475 intmeth)": "sip:1_u.!~*'();&=+$,z/?@host.example",
    "a user part that looks like a URI, escaped (4475 esc01)": "sip:sips%3Auser%40fernhill.example@sbc.example",
    "parameters inside the user part (4475 semiuri)": "sip:desk;skill=u%40fernhill.example@sbc.example",
    "a parameter nobody knows (4475 cparam02)": "sip:desk@sbc.example;colour=green",
    "a parameter without a value (4475 wsinv)": "sip:desk@sbc.example;lr;unknownparam",
    "a transport nobody knows (4475 transports)": "sip:desk@sbc.example;transport=carrier-pigeon",
    "a host with a trailing dot (RFC 3261, 25.1)": "sip:desk@sbc.example.",
    "an IPv6 address in brackets (5118 4.1)": "sip:desk@[2001:db8::10]",
    "a port that can only belong to the address (5118 4.3)": "sip:desk@[2001:db8::10:5070]",
    "a port behind the brackets (5118 4.4)": "sip:desk@[2001:db8::10]:5070",
    "an IPv4-mapped address (5118 4.10)": "sip:desk@[::ffff:192.0.2.10]",
    "an address in both families, the second as a parameter (5118 4.8)": "sip:desk@192.0.2.10;maddr=[2001:db8::9:1]",
    "no user part at all (5118 4.1)": "sip:[2001:db8::10]",
}


@pytest.mark.parametrize("text", ACCEPTED_URIS.values(), ids=ACCEPTED_URIS)
def test_an_address_that_is_odd_but_right_is_taken_as_it_stands(text):
    assert str(read_sip_uri(text)) == text
    assert f"Refer-To: <{text}>\r\n" in message(route=text)


REFUSED_ROUTES = {
    "an escaped NUL (4475 escnull)": ("sip:null-%00-null@sbc.example", "escape-control"),
    "an escaped line break (4475 escnull)": ("sip:desk%0D%0AVia%3A%20x@sbc.example", "escape-control"),
    "an escaped line break in a parameter": ("sip:desk@sbc.example;x=%0a", "escape-control"),
    "a percent sign that escapes nothing (4475 esc02)": ("sip:100%sure@sbc.example", "escape-broken"),
    "half an escape": ("sip:desk%2@sbc.example", "escape-broken"),
    "a URI in angle brackets (4475 ltgtruri)": ("<sip:desk@sbc.example>", "uri-brackets"),
    "an angle bracket inside (4475 ltgtruri)": ("sip:desk@sbc.example>;lr", "uri-brackets"),
    "a display name before it (4475 baddn)": ("Bell, Alexander <sip:a.g.bell@sbc.example>", "uri-brackets"),
    "a quoted name without its end (4475 quotbal)": ('"Mr. J. User <sip:j.user@sbc.example>', "uri-brackets"),
    "white space inside (4475 lwsruri)": ("sip:desk@sbc.example; lr", "uri-space"),
    "white space around (4475 badaspec)": (" sip:desk@sbc.example ", "route-space"),
    "white space at the end (4475 trws)": ("sip:desk@sbc.example ", "uri-space"),
    "a folded line inside (4475 wsinv)": ("sip:desk@sbc\r\n .example", "uri-space"),
    "headers in the address (4475 escruri)": ("sip:desk@sbc.example?Route=%3Csip:x.example%3E", "route-headers"),
    "a Replaces hidden in the address (4475 regescrt)": (
        "sip:desk@sbc.example?Replaces=a%3Bto-tag%3Db",
        "route-headers",
    ),
    "a message body hidden in the address": ("sip:desk@sbc.example?body=hello", "route-headers"),
    "another method hidden in the address": ("sip:desk@sbc.example;method=BYE", "route-method"),
    "a scheme nobody knows (4475 unkscm)": ("nobodyKnowsThisScheme:totallyopaquecontent", "route-scheme"),
    "a known scheme that is no phone's (4475 novelsc)": ("soap.beep://192.0.2.103:3002", "route-scheme"),
    "a scheme nobody knows in a header field (4475 unksm2)": ("name:John_Smith", "route-scheme"),
    "separators with nothing between them (4475 badinv01)": ("sip:desk@sbc.example;;lr;,;", "param"),
    "a parameter twice (RFC 3261, 19.1.1)": ("sip:desk@sbc.example;lr;LR", "param-twice"),
    "a number too large for its field (4475 scalar02)": ("sip:desk@sbc.example:99999", "port"),
    "a number far too large (4475 scalar02)": ("sip:desk@sbc.example:36893488147419103232", "port"),
    "a negative number (4475 ncl)": ("sip:desk@sbc.example:-5060", "port"),
    "a password": ("sip:desk:secret@sbc.example", "uri-password"),
    "two at signs": ("sip:desk@home@sbc.example", "uri-at"),
    "a user part that must be escaped": ("sip:desk#1@sbc.example", "uri-user"),
    "a long address (4475 longreq)": (f"sip:{'a' * 1100}@sbc.example", "uri-long"),
    "an IPv6 address without brackets (5118 4.2)": ("sip:2001:db8::10", "host-ipv6-bare"),
    "an IPv6 address without brackets, with a user (5118 4.2)": ("sip:desk@2001:db8::10", "host-ipv6-bare"),
    "three colons (5118 4.11)": ("sip:desk@[2001:db8:::192.0.2.1]", "host-ipv6"),
    "a bracket left open": ("sip:desk@[2001:db8::10", "host-ipv6"),
    "a zone (RFC 4007)": ("sip:desk@[fe80::1%25eth0]", "host-ipv6-zone"),
    "an IPv4 address out of range": ("sip:desk@192.0.2.300", "host-ipv4"),
    "no host": ("sip:desk@", "host-missing"),
    "an international host name": ("sip:desk@zürich.example", "host-international"),
}


@pytest.mark.parametrize(("text", "code"), REFUSED_ROUTES.values(), ids=REFUSED_ROUTES)
def test_a_route_that_would_break_is_refused_with_the_reason(text, code):
    assert refusal(read_route, text) == code


def test_what_is_refused_as_a_route_may_still_be_read_as_an_address_with_headers():
    uri = read_sip_uri("sip:desk@sbc.example?Route=%3Csip:x.example%3E&X-A=")
    assert uri.headers == (("Route", "%3Csip:x.example%3E"), ("X-A", ""))


@pytest.mark.parametrize("text", ["sip:h.example?", "sip:h.example?a", "sip:h.example?=b", "sip:h.example?a=b&&c=d"])
def test_headers_of_an_address_have_a_name_and_a_value(text):
    assert refusal(read_sip_uri, text) == "uri-header"


ACCEPTED_NAMES = {
    "every character of a token (4475 intmeth)": "X-!.%*_+`'~-9",
    "a percent sign that is only a character (4475 esc02)": "X-%47-%00",
    "a header nobody knows (4475 wsinv)": "X-NewFangledHeader",
    "64 characters (4475 longreq)": "X-" + "a" * 62,
}


@pytest.mark.parametrize("name", ACCEPTED_NAMES.values(), ids=ACCEPTED_NAMES)
def test_a_name_that_is_odd_but_right_goes_out_as_it_stands(name):
    assert f"\r\n{name}: 1\r\n" in message(headers={name: 1})


REFUSED_NAMES = {
    "white space before the colon (4475 wsinv)": ("X-Customer ", "header-name-space"),
    "a colon": ("X-Customer:", "header-name-colon"),
    "a line break, another header behind it": ("X-A: 1\r\nVia", "header-name-control"),
    "a fold (4475 wsinv)": ("X-Cust\r\n omer", "header-name-control"),
    "characters of no token (4475 baddn)": ("X-Customer(ID)", "header-name-character"),
    "a name in another script (4475 intmeth)": ("X-Kunden\u00fcr", "header-name-character"),
    "a quotation mark without its end (4475 quotbal)": ('X-"Customer', "header-name-character"),
    "a long name (4475 longreq)": ("X-" + "a" * 63, "header-name-long"),
    "no name": ("", "header-name-missing"),
    "the short form of a header (4475 wsinv)": ("v", "header-compact"),
    "the short form in capitals": ("L", "header-compact"),
    "a second To (4475 multi01)": ("To", "header-reserved"),
    "a second From (4475 multi01)": ("from", "header-reserved"),
    "a second Call-ID (4475 multi01)": ("CALL-ID", "header-reserved"),
    "a CSeq of another method (4475 mismatch01)": ("CSeq", "header-reserved"),
    "a Max-Forwards of 0 (4475 zeromf)": ("Max-Forwards", "header-reserved"),
    "a Content-Length that lies (4475 clerr, ncl, mcl01)": ("Content-Length", "header-reserved"),
    "another body (4475 invut, mpart01)": ("Content-Type", "header-reserved"),
    "a Date in another zone (4475 baddate)": ("Date", "header-reserved"),
    "demands on the peer (4475 bext01)": ("Require", "header-reserved"),
    "demands on the way (4475 bext01)": ("Proxy-Require", "header-reserved"),
    "credentials of a strange scheme (4475 regaut01)": ("Authorization", "header-reserved"),
    "a Via with a broadcast address (4475 bcast)": ("Via", "header-reserved"),
    "a Contact of its own (4475 regbadct, cparam01)": ("Contact", "header-reserved"),
    "a Route of its own (4475 escruri)": ("Route", "header-reserved"),
    "what the answer may be in (4475 sdp01)": ("Accept", "header-reserved"),
    "a body in the address (RFC 3261, 19.1.1)": ("body", "header-reserved"),
}


@pytest.mark.parametrize(("name", "code"), REFUSED_NAMES.values(), ids=REFUSED_NAMES)
def test_a_header_name_that_would_break_is_refused_and_never_sent(name, code):
    assert refusal(check_name, name, LINE) == code
    assert message(headers={name: "torture"}) == message()


ACCEPTED_VALUES = {
    "UTF-8 (4475 intmeth)": "Žluťoučký kůň 中文 🐎",
    "quotation marks without an end (4475 quotbal)": '"unterminated \\',
    "separators with nothing between them (4475 badinv01)": ";;,;,,",
    "angle brackets without an end (4475 regbadct)": "<sip:x@y?z=1",
    "what looks like a header": "Via: SIP/2.0/UDP 192.0.2.1",
    "what looks like an escape (4475 esc02)": "%0D%0AVia: x %00",
    "1,024 octets (4475 longreq)": "ü" * 512,
    "an IPv6 address without brackets (5118 4.6)": "2001:db8::9:255",
}


@pytest.mark.parametrize("value", ACCEPTED_VALUES.values(), ids=ACCEPTED_VALUES)
def test_a_value_that_is_odd_but_right_goes_out_as_it_stands(value):
    assert read_header_value(value) == value
    assert f"\r\nX-A: {value}\r\n" in message(headers={"X-A": value})


REFUSED_VALUES = {
    "a fold (4475 wsinv)": ("first\r\n second", "header-value-line-break"),
    "a line feed alone": ("first\nX-B: 2", "header-value-line-break"),
    "a carriage return alone": ("first\rX-B: 2", "header-value-line-break"),
    "a NUL (4475 escnull)": ("a\0b", "header-value-control"),
    "an escape character": ("a\x1b[31m", "header-value-control"),
    "a C1 line end": ("a\x85b", "header-value-control"),
    "a Unicode line end": ("a\u2028b", "header-value-control"),
    "half a surrogate pair": ("a\ud800b", "header-value-encoding"),
    "a long value (4475 longreq)": ("ü" * 513, "header-value-long"),
}


@pytest.mark.parametrize(("value", "code"), REFUSED_VALUES.values(), ids=REFUSED_VALUES)
def test_a_configured_value_that_would_break_is_refused(value, code):
    assert refusal(read_header_value, value) == code


def test_white_space_around_a_value_is_not_kept():  # 4475 wsinv
    assert read_header_value(" \t v \t") == "v"


@pytest.mark.parametrize("method", list(SipMethod))
def test_the_start_line_has_two_single_spaces_and_the_method_of_its_cseq(method):  # 4475 lwsstart, trws, mismatch01/02
    lines = message(method).split("\r\n")
    assert lines[0].split(" ")[0] == method.upper()
    assert lines[0].split(" ")[2:] == ["SIP/2.0"]
    assert [line for line in lines if line.startswith("CSeq")] in (
        [f"CSeq: 3 {method.upper()}"],
        [f"CSeq: 1 {method.upper()}"],
    )


@pytest.mark.parametrize("method", list(SipMethod))
def test_every_header_a_request_must_have_stands_in_it_once(method):  # 4475 insuf, badbranch, multi01, inv2543
    lines = message(method).split("\r\n")
    for name in ("Via", "From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length"):
        assert len([line for line in lines if line.startswith(f"{name}: ")]) == 1
    assert ";branch=z9hG4bK" in next(line for line in lines if line.startswith("Via"))


@pytest.mark.parametrize("method", list(SipMethod))
def test_the_content_length_is_that_of_the_body_and_nothing_follows(method):  # 4475 clerr, dblreq
    head, _, body = message(method).partition("\r\n\r\n")
    assert f"\r\nContent-Length: {len(body.encode())}" in head
    assert bool(body) is (method is SipMethod.INVITE)


def test_an_address_always_stands_in_angle_brackets():  # 4475 regbadct
    text = message(route="sip:desk;a=1@sbc.example;transport=tcp")
    assert "Refer-To: <sip:desk;a=1@sbc.example;transport=tcp>\r\n" in text
    assert "From: <sip:ai@sbc.fernhill.example>;tag=" in text  # no display name, so none without its space (lwsdisp)


@pytest.mark.parametrize(
    ("host", "connection"),
    [
        ("192.0.2.14", "c=IN IP4 192.0.2.14"),
        ("[2001:db8::20]", "c=IN IP6 2001:db8::20"),  # 5118 4.7
        ("[::ffff:192.0.2.14]", "c=IN IP6 ::ffff:192.0.2.14"),  # 5118 4.10
    ],
)
def test_the_offer_names_the_address_in_its_own_family(host, connection):
    lines = write_offer(host=host, encryption=Encryption.UDP_RTP)
    assert connection in lines
    assert [line for line in lines if line.startswith("c=")] == [connection]  # 5118 4.9: one address, one family


def test_an_empty_value_is_legal_and_stays_empty():  # 4475 wsinv
    configured = VoiceConfig(route="sip:desk@sbc.example", headers=(HeaderConfig("X-Empty", ""),))
    plan = plan_transfer(
        destination=DestinationConfig(key="desk", name="Desk", voice=configured),
        line=LINE,
        arguments=CallArguments(),
        variables={},
    )
    assert b"\r\nX-Empty:\r\n" in encode(render_wire(plan, sample_dialog(plan)))
