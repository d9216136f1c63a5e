"""The offer of an INVITE (RFC 4566, RFC 4568) as far as it is known before the call."""

from handoffs.domain.sip.voice import Encryption

# As long as the base64 of 16 octets of key and 14 of salt, so that lengths are right; never a key.
KEY_PLACEHOLDER = "*" * 40
MEDIA_PORT = 40000
PROFILES = {Encryption.TLS_SRTP: "RTP/SAVP", Encryption.UDP_RTP: "RTP/AVP"}
CRYPTO = f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{KEY_PLACEHOLDER}"


def write_offer(*, host: str, encryption: Encryption) -> tuple[str, ...]:
    """The lines of an audio offer from `host`, an IPv4 address or an IPv6 one in brackets.

    Whoever places the call puts in the real port, session id and, in place of the placeholder, a fresh key
    for each call, which is never logged; and takes no answer in another profile than the offered one.
    """
    family = "IP6" if host.startswith("[") else "IP4"
    address = host.strip("[]")
    return (
        "v=0",
        f"o=- 0 0 IN {family} {address}",
        "s=-",
        f"c=IN {family} {address}",
        "t=0 0",
        f"m=audio {MEDIA_PORT} {PROFILES[encryption]} 0 8 101",
        *([CRYPTO] if encryption is Encryption.TLS_SRTP else []),
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=sendrecv",
    )
