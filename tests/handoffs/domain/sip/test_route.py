import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.numbers import read_e164, read_extension, read_tel_uri
from handoffs.domain.sip.route import RouteKind, line_target, read_route, resolve_target
from handoffs.domain.sip.uris import SipUri, read_sip_uri
from handoffs.domain.sip.voice import LineConfig, LineKind, SipMethod

TRUNK = LineConfig(domain="sbc.fernhill.example:5061")
TWILIO = LineConfig(domain="fernhill.pstn.example", kind=LineKind.TWILIO_NUMBER)
BARE = LineConfig()
REFER, INVITE = SipMethod.REFER, SipMethod.INVITE


@pytest.mark.parametrize(
    ("text", "method", "line", "target"),
    [
        ("sip:desk@pbx.example", REFER, TRUNK, "sip:desk@pbx.example"),
        ("SIPS:desk@pbx.example;a=B", INVITE, BARE, "sips:desk@pbx.example;a=B"),
        ("tel:+44-20-7946-0177", REFER, TRUNK, "tel:+44-20-7946-0177"),
        ("TEL:+442079460177;ext=204", REFER, TWILIO, "TEL:+442079460177;ext=204"),
        ("tel:+44-20-7946-0177", INVITE, TRUNK, "sip:+442079460177@sbc.fernhill.example:5061;user=phone"),
        ("tel:+442079460177;ext=204", INVITE, TRUNK, "sip:+442079460177;ext=204@sbc.fernhill.example:5061;user=phone"),
        (
            "tel:5#1;phone-context=+44",
            INVITE,
            TRUNK,
            "sip:5%231;phone-context=+44@sbc.fernhill.example:5061;user=phone",
        ),
        ("+44 20 7946 0177", REFER, TRUNK, "sip:+442079460177@sbc.fernhill.example:5061;user=phone"),
        ("+44 (20) 7946-0177", REFER, TWILIO, "tel:+442079460177"),
        ("+442079460177", REFER, BARE, "tel:+442079460177"),
        ("+442079460177", INVITE, TWILIO, "sip:+442079460177@fernhill.pstn.example;user=phone"),
        ("5001", REFER, TRUNK, "sip:5001@sbc.fernhill.example:5061"),
        ("*72#", INVITE, TRUNK, "sip:*72%23@sbc.fernhill.example:5061"),
    ],
)
def test_a_route_means_an_address_on_a_line(text, method, line, target):
    assert resolve_target(read_route(text), method=method, line=line) == target


@pytest.mark.parametrize(
    ("text", "method"), [("5001", REFER), ("5001", INVITE), ("+442079460177", INVITE), ("tel:+442079460177", INVITE)]
)
def test_what_needs_a_domain_is_refused_on_a_line_without_one(text, method):
    with pytest.raises(Refusal, match="dialled at the line's domain, and the line has none"):
        resolve_target(read_route(text), method=method, line=BARE)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A transfer needs a route: an address, a number or an extension. Try 5001"),
        ("  ", "A transfer needs a route: an address, a number or an extension. Try 5001"),
        ("desk@sbc.example", "An address begins with sip: or sips:. Try sip:desk@sbc.example"),
        ("sbc.example", "An address begins with sip: or sips:. Try sip:sbc.example"),
        ("sbc.example:5060", "An address begins with sip: or sips:. Try sip:sbc.example:5060"),
        ("mailto:a@b.example", "A transfer goes to sip:, sips: or tel:, not to mailto:. Try sip:frontdesk@…"),
        ("frontdesk", "“frontdesk” is no address, number or extension. Try 5001 or +442079460177"),
        ("sip:$desk@sbc.example", "A route has no variables. Write %24 for a dollar sign in an address"),
        ("sip:${desk}", "A route has no variables. Write %24 for a dollar sign in an address"),
        (" 5001", "Spaces stand around the route. Try 5001"),
        ("sip:2001:db8::1", "An IPv6 address stands in brackets. Try [2001:db8::1]"),
        ("sip:desk@zürich.example", "A host is written in ASCII. Try xn--zrich-kva.example"),
        ("sip:front desk@sbc.example", "An address has no spaces or control characters. Write %20 for a space"),
        ("sip:desk#2@sbc.example", "A character before the @ must be escaped. Try desk%232@sbc.example"),
        ("tel:5001", "A number without + needs a context. Try tel:5001;phone-context=+44"),
        ("+0044207946", "An international number begins with its country code, never with 0. Try +44…"),
        ("+1234567890123456", "An international number has 3 to 15 digits, this one 16"),
        ("1" * 21, "“111111111111111111111” is no extension: digits, * and #, 20 at most. Try 5001"),
    ],
)
def test_a_route_that_is_none_is_refused_with_a_correction(text, sentence):
    with pytest.raises(Refusal) as refused:
        read_route(text)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "number", "is_global"),
    [
        ("tel:+442079460177", "+442079460177", True),
        ("tel:+44.20-(7946)0177", "+442079460177", True),
        ("tel:7042;phone-context=fernhill.example", "7042", False),
        ("tel:863-1234;phone-context=+1-914-555", "8631234", False),
        ("tel:*21#;phone-context=+44;isub=1411", "*21#", False),
        ("tel:+442079460177;ext=20-4;x-new=a%20b;flag", "+442079460177", True),
    ],
)
def test_a_tel_address_keeps_its_bytes_and_knows_its_number(text, number, is_global):
    uri = read_tel_uri(text)
    assert (str(uri), uri.number, uri.is_global) == (text, number, is_global)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tel:", "tel-digits"),
        ("tel:+", "tel-digits"),
        ("tel:+--", "tel-digits"),
        ("tel:+44 20", "tel-digits"),
        ("tel:+44a", "tel-digits"),
        ("tel:+٤٤٢٠٧٩٤٦٠١٧٧", "tel-digits"),
        ("tel:call-me;phone-context=+44", "tel-digits"),
        ("tel:+1234567890123456", "number-long"),
        ("tel:+12", "number-short"),
        ("tel:+44207;ext=", "tel-param"),
        ("tel:+44207;ext=abc", "tel-extension"),
        ("tel:+44207;ext=1;EXT=2", "param-twice"),
        ("tel:7042;phone-context=+", "tel-context"),
        ("tel:7042;phone-context=a b", "tel-param"),
        ("tel:7042;phone-context=-x", "host"),
        ("tel:+44207;", "tel-param"),
        ("tel:+44207;a=%0d%0a", "escape-control"),
        ("tel:+44207\r\nVia: x", "tel-digits"),
        ("tel:+44207" + ";a=b" * 100, "tel-long"),
        ("sip:+44", "tel-scheme"),
    ],
)
def test_a_tel_address_that_is_none_is_refused(text, code):
    with pytest.raises(Refusal) as refused:
        read_tel_uri(text)
    assert refused.value.code == code


def test_a_line_that_routes_by_itself_is_called_at_its_domain():
    assert line_target(TRUNK) == "sip:sbc.fernhill.example:5061"
    with pytest.raises(Refusal, match="has no domain"):
        line_target(BARE)


USER = st.text(alphabet="abcXYZ019-_.!~*'()&=+$,;?/", min_size=1, max_size=20)
LABEL = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join) | st.sampled_from(["192.0.2.10", "[2001:db8::1]"])
WORD = st.text(alphabet="abcz019-_.!~*'()[]/:&+$", min_size=1, max_size=8)


@given(
    scheme=st.sampled_from(["sip", "sips"]),
    user=USER,
    host=HOST,
    port=st.none() | st.integers(1, 65535),
    params=st.lists(st.tuples(WORD, st.none() | WORD), max_size=3, unique_by=lambda param: param[0].lower()),
)
def test_an_address_that_is_written_is_read_again(scheme, user, host, port, params):
    uri = SipUri(scheme=scheme, user=user, host=host, port=port, params=tuple(params))
    assert read_sip_uri(str(uri)) == uri


@given(st.text(alphabet='sipstel:@[];=?&%+0159abf.-<>"\r\n $é', max_size=60) | st.text(max_size=60))
def test_any_text_is_read_as_it_stands_or_refused(text):
    for read in (read_route, read_sip_uri, read_tel_uri, read_e164, read_extension):
        sentence = refused_sentence(read, text)
        assert sentence is None or (sentence and "\n" not in sentence)


def refused_sentence(read, text):
    try:
        read(text)
    except Refusal as refusal:
        return refusal.sentence
    return None


@given(st.text(alphabet="sip:tel@[];=%+0159abf.-", max_size=40).map(lambda rest: f"sip:{rest}"))
def test_an_accepted_address_is_what_was_typed(text):
    try:
        uri = read_sip_uri(text)
    except Refusal:
        return
    assert str(uri) == text


@given(st.text(alphabet="0123456789+ -.()\u00a0", max_size=25))
def test_a_number_is_a_plus_and_its_digits_or_refused(text):
    try:
        number = read_e164(text)
    except Refusal:
        return
    assert number == "+" + "".join(letter for letter in text if letter.isdigit())
    assert read_route(number).kind is RouteKind.NUMBER
