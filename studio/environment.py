"""Typed readers of environment variables: one per kind, each refuses nonsense aloud."""

import os
import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def env_text(name: str, default: str = "") -> str:
    """Return the variable's text; `NAME_FILE` may name a file that holds it (container secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return os.environ.get(name, default).strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}") from error


def env_flag(name: str, *, default: bool) -> bool:
    text = env_text(name).lower()
    if not text:
        return default
    if text in TRUE | FALSE:
        return text in TRUE
    raise ImproperlyConfigured(f"{name}={text!r} is neither yes nor no. Write {name}=1 or {name}=0")


def env_number(name: str, default: int, *, least: int = 0, most: int = 1_000_000) -> int:
    text = env_text(name)
    if not text:
        return default
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number from {least} to {most}")
    return int(text)


def env_list(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return comma-separated items without blanks."""
    text = env_text(name)
    return [item.strip() for item in text.split(",") if item.strip()] if text else list(default)


def env_url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    text = env_text(name, default) or default
    if text.split("://", 1)[0] not in schemes or "://" not in text:
        raise ImproperlyConfigured(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return text


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return comma-separated networks written as CIDRs; none without the variable."""
    try:
        return [ip_network(item) for item in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write networks as 10.1.0.0/16, with commas between") from error


def env_choice(name: str, default: str, *, choices: tuple[str, ...]) -> str:
    text = env_text(name, default) or default
    if text not in choices:
        raise ImproperlyConfigured(f"{name}={text!r} is not one of {', '.join(filter(None, choices))}")
    return text


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server. security: `starttls` (asked for after connecting), `tls` (from the first byte) or empty."""

    host: str
    port: int
    security: str = ""
    user: str = ""
    password: str = field(default="", repr=False)


# Of each scheme: the port when none is named, and the security by the value of `tls`.
MAIL_SCHEMES = {
    "smtp": (25, {"0": "", "1": "starttls"}),
    "smtps": (465, {"0": "tls", "1": "tls"}),
}
MAIL_EXAMPLE = "Write smtp://user:password@mail.example.com:587/?tls=1, with @ : / of a password as %40 %3A %2F"
MAIL_ADDRESS = re.compile(r"[^<>@\s]+@[^<>@\s]+|[^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>")


def env_mail_server(name: str) -> MailServer | None:
    """Read `smtp://user:password@host:587/?tls=1` (STARTTLS) or `smtps://…` (TLS at once); None without it.

    What is wrong is said without the text itself, which holds a password.
    """
    text = env_text(name)
    if not text:
        return None
    try:
        parts = urlsplit(text)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read as an address. {MAIL_EXAMPLE}") from error
    default_port, securities = MAIL_SCHEMES.get(parts.scheme, (0, {}))
    security = securities.get(options.pop("tls", "0"))
    if security is None or options or not parts.hostname or parts.path.strip("/") or parts.fragment:
        raise ImproperlyConfigured(f"{name} is not the address of a mail server. {MAIL_EXAMPLE}")
    if bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured(f"{name} has a user or a password, but not both. {MAIL_EXAMPLE}")
    return MailServer(
        parts.hostname, port or default_port, security, unquote(parts.username or ""), unquote(parts.password or "")
    )


def env_mail_address(name: str, default: str) -> str:
    """Return a sender: `no-reply@example.com` or `Handoff Studio <no-reply@example.com>`."""
    text = env_text(name, default) or default
    if not MAIL_ADDRESS.fullmatch(text):
        raise ImproperlyConfigured(f"{name}={text!r} is no sender. Write {name}='Studio <no-reply@example.com>'")
    return text
