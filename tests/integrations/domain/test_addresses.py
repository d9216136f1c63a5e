from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.domain.addresses import TABLE, parse_address, parse_networks, refusal

REFUSED = [
    ("0.0.0.0", "this host"),
    ("0.1.2.3", "this host"),
    ("10.0.0.1", "private"),
    ("100.64.0.1", "shared by a carrier"),
    ("100.100.100.200", "shared by a carrier"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "cloud metadata"),
    ("169.254.169.254", "link-local, cloud metadata"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.192", "protocol assignments"),
    ("192.0.2.1", "documentation"),
    ("192.168.1.1", "private"),
    ("198.18.0.1", "benchmarking"),
    ("203.0.113.9", "documentation"),
    ("224.0.0.1", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("::", "this host"),
    ("::1", "loopback"),
    ("::127.0.0.1", "IPv4-compatible"),
    ("::ffff:127.0.0.1", "IPv4-mapped"),
    ("::ffff:8.8.8.8", "IPv4-mapped"),
    ("::ffff:0:127.0.0.1", "not public"),
    ("64:ff9b::7f00:1", "NAT64"),
    ("64:ff9b::808:808", "NAT64"),
    ("64:ff9b:1::a00:1", "NAT64"),
    ("100::1", "discard"),
    ("2001:0:53aa:64c::1", "Teredo"),
    ("2001:20::1", "protocol assignments"),
    ("2001:db8::1", "documentation"),
    ("2002:7f00:1::1", "6to4"),
    ("2606:4700::5efe:7f00:1", "ISATAP"),
    ("2606:4700::200:5efe:a00:1", "ISATAP"),
    ("3fff::1", "documentation"),
    ("4000::1", "not public"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "private"),
    ("fe80::1", "link-local"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "193.0.0.1", "2606:4700:4700::1111", "2a00:1450:4001::8a"]


@pytest.mark.parametrize(("text", "why"), REFUSED)
def test_an_address_that_is_not_the_public_internet_is_refused_by_name(text, why):
    assert refusal(ip_address(text)) == why


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_may_be_called(text):
    assert refusal(ip_address(text)) is None


def test_an_allowed_network_overrules_the_table_and_reaches_no_further():
    allowed = parse_networks(["127.0.0.0/8", "fd00::/64"])
    assert refusal(ip_address("127.0.0.1"), allowed=allowed) is None
    assert refusal(ip_address("fd00::7"), allowed=allowed) is None
    assert refusal(ip_address("::ffff:127.0.0.1"), allowed=allowed) == "IPv4-mapped"
    assert refusal(ip_address("10.0.0.1"), allowed=allowed) == "private"


def test_a_network_with_host_bits_is_a_mistake_and_not_guessed_at():
    with pytest.raises(ValueError, match="has host bits set"):
        parse_networks(["127.0.0.1/8"])


@given(st.integers(0, 2**32 - 1))
def test_whatever_python_calls_not_global_is_refused(number):
    address = IPv4Address(number)
    if not address.is_global or address.is_multicast:
        assert refusal(address)


@given(st.integers(0, 2**128 - 1) | st.sampled_from([network for network, _ in TABLE if network.version == 6]).flatmap(
    lambda network: st.integers(int(network.network_address), int(network.broadcast_address))
))  # fmt: skip
def test_whatever_python_calls_not_global_is_refused_in_ipv6_too(number):
    address = IPv6Address(number)
    if not address.is_global or address.is_multicast or address.ipv4_mapped or address.sixtofour or address.teredo:
        assert refusal(address)


@given(st.ip_addresses())
def test_an_address_is_read_back_from_its_own_text(address):
    assert parse_address(str(address)) == address
    assert parse_address(address.exploded) == address


@pytest.mark.parametrize(
    "text",
    ["127.1", "0x7f.0.0.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "127.0.0.01", "127.0.0.1.",
     "fe80::1%eth0", "1::%2", "", "\u0661\u0662\u0667.\u0660.\u0660.\u0661", "127.0.0.1 ", "[::1]"],
)  # fmt: skip
def test_other_spellings_are_no_addresses(text):
    assert parse_address(text) is None
