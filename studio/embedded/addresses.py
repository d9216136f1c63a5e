"""Where the embedded servers listen. Reads one file and starts nothing."""

import json
from pathlib import Path

PORTS_FILE = "ports.json"


def _port(var: Path, server: str) -> int:
    """The port recorded by the embedded server's first start; 1 (never listening) before that."""
    try:
        return int(json.loads((var / PORTS_FILE).read_text(encoding="utf-8"))[server])
    except (OSError, ValueError, KeyError):
        return 1


def database_url(var: Path) -> str:
    return f"postgresql://postgres@127.0.0.1:{_port(var, 'postgres')}/postgres"


def redis_url(var: Path) -> str:
    return f"redis://127.0.0.1:{_port(var, 'redis')}/0"
