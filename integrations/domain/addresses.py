"""Which network addresses an outgoing call may reach: the table behind the SSRF guard."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's special-purpose registries, plus the metadata services that hide on ordinary addresses.
# https://www.iana.org/assignments/iana-ipv4-special-registry
# https://www.iana.org/assignments/iana-ipv6-special-registry
REFUSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this host"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a carrier"),
    ("127.0.0.0/8", "loopback"),
    ("168.63.129.16/32", "cloud metadata"),
    ("169.254.0.0/16", "link-local, cloud metadata"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "documentation"),
    ("192.31.196.0/24", "AS112"),
    ("192.52.193.0/24", "AMT"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("192.175.48.0/24", "AS112"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "this host"),
    ("::1/128", "loopback"),
    ("::/96", "IPv4-compatible"),
    ("::ffff:0:0/96", "IPv4-mapped"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "NAT64"),
    ("100::/64", "discard"),
    ("2001::/32", "Teredo"),
    ("2001::/23", "protocol assignments"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "AS112"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
TABLE: tuple[tuple[Network, str], ...] = tuple((ip_network(text), why) for text, why in REFUSED)
# Only this eighth of IPv6 is given out to the public internet; the rest is refused without a name.
GLOBAL_UNICAST = IPv6Network("2000::/3")
ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return the networks written as CIDRs. Raises ValueError, naming the text that is none."""
    return tuple(ip_network(text) for text in texts)


def refusal(address: Address, *, allowed: Sequence[Network] = ()) -> str | None:
    """Return why `address` must not be called, in two or three words; None when it may be.

    Addresses that carry an IPv4 one inside (mapped, NAT64, 6to4, Teredo, ISATAP) are refused whole: where they
    lead is decided by somebody else's gateway. `allowed` overrules everything, and means the address as written.
    """
    if any(address in network for network in allowed):
        return None
    for network, why in TABLE:
        if address in network:
            return why
    if isinstance(address, IPv4Address):
        return None
    if address not in GLOBAL_UNICAST:
        return "not public"
    return "ISATAP" if (int(address) >> 32) & 0xFFFF_FFFF in ISATAP else None


def parse_address(text: str) -> Address | None:
    """Return the address `text` writes in its one ordinary form, or None.

    `127.1`, `0x7f000001`, `017700000001` and zone ids are no addresses here, whatever a C library makes of them.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if "%" in text else address
