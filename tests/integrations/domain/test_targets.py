import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.domain.targets import (
    Target,
    TargetRefused,
    check_custom_headers,
    check_headers,
    parse_target,
)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.com/in;a=1?x=1#top", Target("https", "hooks.example.com", 443, "/in;a=1?x=1")),
        ("HTTP://Hooks.Example.COM", Target("http", "hooks.example.com", 80, "/")),
        ("https://hooks.example.com.:8443/", Target("https", "hooks.example.com", 8443, "/")),
        ("http://127.0.0.1:9000/hook", Target("http", "127.0.0.1", 9000, "/hook")),
        ("http://[2606:4700::1]:8080?q", Target("http", "2606:4700::1", 8080, "/?q")),
        ("https://xn--bcher-kva.example/%C3%A9", Target("https", "xn--bcher-kva.example", 443, "/%C3%A9")),
        ("http://receiver/", Target("http", "receiver", 80, "/")),
    ],
)
def test_a_plain_url_says_where_it_leads(url, target):
    assert parse_target(url) == target


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://example.com:443/", "example.com"),
        ("https://example.com:80/", "example.com:80"),
        ("http://[2606:4700::1]/", "[2606:4700::1]"),
        ("http://[2606:4700::1]:8080/", "[2606:4700::1]:8080"),
    ],
)
def test_the_host_header_names_a_port_only_when_it_is_unusual(url, authority):
    assert parse_target(url).authority == authority


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://example.com/", "http:// or https://"),
        ("file:///etc/passwd", "http:// or https://"),
        ("gopher://example.com", "http:// or https://"),
        ("//example.com", "http:// or https://"),
        ("", "http:// or https://"),
        ("https://", "no host"),
        ("https:///path", "no host"),
        ("https://:443/", "no host"),
        ("https://-bad.example/", "no host"),
        ("https://a..b/", "no host"),
        ("https://ex%61mple.com/", "no host"),
        ("https://[::1", "cannot be read"),
        ("https://[fe80::1%25eth0]/", "no host"),
        ("https://user:pass@example.com/", "credentials"),
        ("https://example.com@10.0.0.1/", "credentials"),
        ("https://@example.com/", "credentials"),
        ("https://example.com\\@10.0.0.1/", "backslash"),
        ("https://example.com/a b", "blanks"),
        ("https://example.com/\r\nHost: x", "blanks"),
        ("https://exam\tple.com/", "blanks"),
        ("https://bücher.example/", "non-ASCII"),
        ("https://\uff11\uff12\uff17.0.0.1/", "non-ASCII"),
        ("https://example.com:0/", "not a web port"),
        ("https://example.com:22/", "not a web port"),
        ("https://example.com:25/", "not a web port"),
        ("https://example.com:6379/", "another protocol"),
        ("https://example.com:11211/", "another protocol"),
        ("https://example.com:70000/", "no number from 1"),
        ("https://example.com:http/", "no number from 1"),
        ("https://example.com/" + "a" * 2000, "longer than"),
        ("http://2130706433/", "a number"),
        ("http://0x7f000001/", "a number"),
        ("http://0x7f.1/", "a number"),
        ("http://127.1/", "a number"),
        ("http://0177.0.0.1/", "a number"),
        ("http://127.0.0.1./", "a number"),
        ("http://example.0x/", "a number"),
    ],
)
def test_anything_else_is_refused_in_words(url, says):
    with pytest.raises(TargetRefused, match=says):
        parse_target(url)


def spellings(number: int) -> list[str]:
    """Every way `inet_aton` reads for one IPv4 address, apart from the ordinary one."""
    a, b, c, d = number.to_bytes(4, "big")
    groups = [[a, b, c, d], [a, b, (c << 8) | d], [a, (b << 16) | (c << 8) | d], [number]]
    forms = [str, hex, lambda part: f"0{part:o}"]
    written = {".".join(form(part) for part in group) for group in groups for form in forms}
    return sorted(written - {f"{a}.{b}.{c}.{d}"})


@given(st.integers(0, 2**32 - 1))
def test_no_disguise_of_an_ipv4_address_passes(number):
    for text in spellings(number):
        with pytest.raises(TargetRefused):
            parse_target(f"http://{text}/")
        with pytest.raises(TargetRefused):
            parse_target(f"http://{text.upper()}./")


@given(st.ip_addresses(v=6))
def test_every_form_of_an_ipv6_address_leads_to_the_same_host(address):
    for text in (str(address), address.exploded, address.exploded.upper()):
        host = parse_target(f"http://[{text}]/").host
        assert int(type(address)(host)) == int(address)


@given(st.text(alphabet=string.printable + "é%\\@[]:/?#\x00", max_size=40))
def test_any_text_is_either_refused_or_names_a_plain_host(text):
    try:
        target = parse_target("http://" + text)
    except TargetRefused:
        return
    assert target.host
    assert not set(target.host) & set("@/\\?#%[] \r\n\t")
    assert 1 <= target.port <= 65535


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Key": "a\r\nX-Other: b"},
        {"X-Key": "a\nb"},
        {"X-Key": "a\x00"},
        {"X-Key": "é"},
        {"X-Key\r\n": "a"},
        {"X Key": "a"},
        {"": "a"},
        {"X-Key": "a" * 4001},
    ],
)
def test_a_header_outside_the_grammar_is_refused(headers):
    with pytest.raises(TargetRefused):
        check_headers(headers)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_accepted_header_can_start_another_line(name, value):
    try:
        check_headers({name: value})
    except TargetRefused:
        return
    assert not set(name + value) & set("\r\n\x00")
    assert name.isascii()


@pytest.mark.parametrize("name", ["Host", "content-length", "X-Studio-Signature", "Webhook-Id", "Transfer-Encoding"])
def test_our_own_headers_cannot_be_set_by_others(name):
    with pytest.raises(TargetRefused, match="is set by Handoff Studio"):
        check_custom_headers({name: "x"})


def test_ordinary_custom_headers_pass():
    check_custom_headers({"Authorization": "Bearer abc", "X-Tenant": "north; south"})
