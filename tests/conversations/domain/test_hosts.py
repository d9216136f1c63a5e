import pytest

from conversations.domain.hosts import MOST_HOSTS, HostRefused, read_host, read_hosts
from conversations.services.access_tokens import is_host_allowed


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("shop.example.com", "shop.example.com"),
        ("Shop.Example.COM", "shop.example.com"),
        ("localhost", "localhost"),
        ("com.fernhill.shop", "com.fernhill.shop"),
        ("my_app", "my_app"),
        ("127.0.0.1", "127.0.0.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
    ],
)
def test_a_host_is_read_as_it_is_compared(typed, host):
    assert read_host(typed) == host
    assert is_host_allowed(f"[{host}]" if ":" in host else host, [host])


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("https://shop.example.com", "Try shop.example.com"),
        ("shop.example.com/help?a=1", "Try shop.example.com"),
        ("shop.example.com:8443", "Try shop.example.com"),
        ("user@shop.example.com", "Try shop.example.com"),
        ("*.example.com", "Subdomains are covered by themselves. Try example.com"),
        (".example.com", "Try example.com"),
        ("münchen.de", "Try xn--mnchen-3ya.de"),
        ("two words", "is no host name"),
        ("-shop.example.com", "is no host name"),
        ("shop..example.com", "is no host name"),
        ("a" * 64 + ".com", "is no host name"),
        ("https://", "Try shop.example.com"),
    ],
)
def test_what_is_no_host_is_refused_with_a_correction(typed, advice):
    with pytest.raises(HostRefused) as refused:
        read_host(typed)
    assert advice in str(refused.value)


def test_hosts_stand_one_a_line_and_each_counts_once():
    assert read_hosts("a.example\n\n  B.example \r\na.example\n") == ("a.example", "b.example")
    assert read_hosts("") == ()


def test_a_connector_has_a_bounded_number_of_hosts():
    with pytest.raises(HostRefused):
        read_hosts("\n".join(f"s{number}.example" for number in range(MOST_HOSTS + 1)))
