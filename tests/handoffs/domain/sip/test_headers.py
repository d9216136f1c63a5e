import pytest

from handoffs.domain.sip.findings import Refusal
from handoffs.domain.sip.headers import RESERVED, TRUSTED, check_headers, check_name, lacks_prefix
from handoffs.domain.sip.voice import HeaderConfig, LineConfig

LINE = LineConfig(domain="sbc.fernhill.example")


def sentence(name, line=LINE):
    with pytest.raises(Refusal) as refused:
        check_name(name, line)
    return refused.value.sentence


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Customer ID", "A header name has no spaces. Try X-Customer-ID"),
        ("X-Customer ID", "A header name has no spaces. Try X-Customer-ID"),
        (
            "X-Customer-ID: $customer",
            "The colon is added on the wire, a header name has none. Try X-Customer-ID",
        ),
        ("Call-ID", "Call-ID is set by the call itself. Try X-Call-ID"),
        ("t", "t is the short form of To. Try X-T"),
        ("X-Twilio-CallSid", "X-Twilio names belong to Twilio, which refuses them. Try X-CallSid"),
        ("Diversion", "Diversion says who the caller is. Allow it on the line first, or try X-Diversion"),
        ("(", "A header name has letters, digits and - . _ ! % * + ~ ' `. Try X-Customer-ID"),
        ("", "A header needs a name. Try X-Customer-ID"),
        ("a" * 65, "A header name has 64 characters at most, this one 65"),
    ],
)
def test_a_refusal_offers_a_correction(name, expected):
    assert sentence(name) == expected


@pytest.mark.parametrize("name", [*sorted(RESERVED), "content-encoding", "Content-Anything"])
def test_what_the_call_sets_itself_is_refused_in_any_case_and_whatever_the_line_allows(name):
    for spelling in (name, name.upper(), name.title()):
        assert "set by the call itself" in sentence(spelling, LineConfig(allowed_headers=(name,)))


@pytest.mark.parametrize("name", sorted(TRUSTED))
def test_what_networks_believe_is_allowed_by_the_line_alone(name):
    assert "Allow it on the line first" in sentence(name.upper())
    assert check_name(name.upper(), LineConfig(allowed_headers=(name,))) == name.upper()


@pytest.mark.parametrize("letter", "abcdefijklmnorstuvxy")
def test_the_short_form_of_a_header_is_refused(letter):
    assert "short form" in sentence(letter)
    assert "short form" in sentence(letter.upper())


@pytest.mark.parametrize(
    ("name", "line", "lacks"),
    [
        ("X-A", LineConfig(), False),
        ("x-a", LineConfig(), False),
        ("User-to-User", LineConfig(), True),
        ("User-to-User", LineConfig(allowed_headers=("user-to-user",)), False),
        ("User-to-User", LineConfig(requires_x_prefix=False), False),
    ],
)
def test_the_prefix_is_missed_where_the_line_asks_for_it(name, line, lacks):
    assert check_name(name, line) == name
    assert lacks_prefix(name, line) is lacks


def checked(*headers, line=LINE):
    return [(lint.subject, lint.code) for lint in check_headers(tuple(HeaderConfig(*each) for each in headers), line)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("X-A", "$a"), ("X-B", "")], []),
        ([("X-A", "1"), ("x-a", "2")], [("headers[1].name", "header-twice")]),
        ([("X A", "1\n")], [("headers[0].name", "header-name-space"), ("headers[0].value", "header-value-line-break")]),
        ([("X-A", "1"), ("Via", "1")], [("headers[1].name", "header-reserved")]),
        ([("X-A", "a" * 1025)], [("headers[0].value", "header-value-long")]),
        ([("X-A", "a" * 1024)], []),
        ([("X-A", "ü" * 513)], [("headers[0].value", "header-value-long")]),
        ([(f"X-{n}", "") for n in range(20)], []),
        ([(f"X-{n}", "") for n in range(21)], [("headers", "headers-many")]),
        ([(f"X-{n}", "a" * 1016) for n in range(4)], []),  # 3 + 2 + 1016 + 2 octets each, 4,092 in all
        ([(f"X-{n}", "a" * 1018) for n in range(4)], [("headers", "headers-long")]),
        (
            [("", ""), ("", "")],
            [("headers[0].name", "header-name-missing"), ("headers[1].name", "header-name-missing")],
        ),
    ],
)
def test_headers_are_checked_field_by_field_before_they_are_saved(headers, expected):
    assert checked(*headers) == expected


def test_the_second_of_two_names_says_which_was_first():
    lints = check_headers((HeaderConfig("X-B", ""), HeaderConfig("X-A", ""), HeaderConfig("x-a", "")), LINE)
    assert lints[0].sentence == "x-a is already header 2. Names differ by more than capitals"
