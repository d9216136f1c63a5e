"""Where the embedded servers listen and the password they ask for. Settings read it; only `assign_ports` writes."""

import json
import secrets
import socket
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

PORTS_FILE = "ports.json"
PASSWORD_FILE = "servers.key"  # noqa: S105 - a file name
SERVERS = ("postgres", "redis")
NEVER_LISTENING = 1


def port_of(var: Path, server: str) -> int:
    """The port recorded for the embedded server; 1 (never listening) before its first start."""
    return _read_ports(var).get(server, NEVER_LISTENING)


def password(var: Path) -> str:
    """What both servers ask for, so that other users of this machine stay outside; empty before the first start."""
    try:
        return (var / PASSWORD_FILE).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def database_url(var: Path) -> str:
    return f"postgresql://postgres:{password(var)}@127.0.0.1:{port_of(var, 'postgres')}/postgres"


def redis_url(var: Path) -> str:
    return f"redis://:{password(var)}@127.0.0.1:{port_of(var, 'redis')}/0"


def assign_ports(var: Path, servers: Iterable[str] = SERVERS) -> bool:
    """Give each of these servers a free port, kept for good unless another program took it; makes the password too.

    Call it while none of them runs. True when something changed: settings read before that are stale.
    """
    known = _read_ports(var)
    ports = known | {name: _free_port() for name in servers if name not in known or not is_free(known[name])}
    has_password = (var / PASSWORD_FILE).exists()
    if not has_password:
        write_private(var / PASSWORD_FILE, secrets.token_urlsafe(24))
    if ports != known:
        (var / PORTS_FILE).write_text(json.dumps(ports) + "\n", encoding="utf-8")
    return ports != known or not has_password


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def write_private(path: Path, text: str) -> None:
    """Create a file that only its owner can read; never visible half-written or with wider permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _read_ports(var: Path) -> dict[str, int]:
    try:
        ports = json.loads((var / PORTS_FILE).read_text(encoding="utf-8"))
        return {name: int(ports[name]) for name in SERVERS if name in ports}
    except (OSError, ValueError, TypeError):
        return {}


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
