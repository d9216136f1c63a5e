"""What must hold of the product's source: sizes, handlers, addresses by name, and nothing of anybody's machine."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.template.base import Node
from django.template.defaulttags import URLNode
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils.module_loading import import_string

from conversations.outbox import TOPICS
from integrations.registry import HANDLERS, RESPONDERS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("studio", "integrations", "handoffs", "conversations")
MODULES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION = 300, 50

# The machine this is written on and the mirrors it installs from must never show. Written apart, so that this file
# does not hold what it looks for.
FORBIDDEN = {
    "a package registry's address": re.compile(r"https?://[\w.@:-]*(?:pypi|pythonhosted|npmjs|registry)[\w.:-]*"),
    "an index in a requirements file": re.compile(r"^\s*--(?:extra-)?index-url|^\s*--find-links", re.MULTILINE),
    "a home or working directory": re.compile(r"(?<![\w.])/(?:home|Users|work|root)/[\w.-]+|/tmp/" + r"dev\b"),
    "a reference to the workplace": re.compile("shared" + r"/(?:design|reference|seeds|hooks|data)\b"),
}
# Files that came from others, and hashes of packages.
NOT_OURS = ("static/vendor/", "LICENSE")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked_files() -> Iterator[tuple[str, str]]:
    """Name and text of every text file under version control (that is still there)."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listing.split("\0")):
        path = ROOT / name
        if path.is_file() and not name.startswith(NOT_OURS):
            data = path.read_bytes()
            if b"\0" not in data:
                yield name, data.decode()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def literal_topics(tree: ast.Module) -> Iterator[tuple[int, str | None]]:
    """Line and topic of every call of `add_entry`; None where the topic is no literal."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "add_entry":
            topic = next((word.value for word in node.keywords if word.arg == "topic"), None)
            yield node.lineno, topic.value if isinstance(topic, ast.Constant) else None


def addresses(nodes: list[Node]) -> Iterator[str]:
    """The names in `{% url "name" %}`, however deep they stand."""
    for node in nodes:
        if isinstance(node, URLNode):
            yield str(node.view_name.resolve({}))
        for kind in node.child_nodelists:
            yield from addresses(getattr(node, kind, None) or [])


def known_addresses() -> set[str]:
    resolver = get_resolver()
    spaces = {f"{space}:": inner.reverse_dict for space, (_, inner) in resolver.namespace_dict.items()}
    tables = {"": resolver.reverse_dict, **spaces}
    return {f"{space}{name}" for space, table in tables.items() for name in table if isinstance(name, str)}


def test_modules_stay_short():
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FILE} == {}


def test_functions_stay_short():
    sizes = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in functions(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION} == {}


def test_every_promise_to_the_outbox_names_its_topic_and_has_a_handler():
    written = {topic for owners in TOPICS.values() for topic in owners.values()}
    for path in MODULES:
        for line, topic in literal_topics(ast.parse(path.read_text(encoding="utf-8"))):
            assert topic, f"{name_of(path)}:{line} does not name its topic in a literal"
            written.add(topic)
    assert written - HANDLERS.keys() == set()
    assert {"turn.due", "conversation.ended", "webhook.emit"} <= written


@pytest.mark.parametrize("dotted", [*HANDLERS.values(), *RESPONDERS.values()])
def test_what_a_registry_names_can_be_imported(dotted):
    assert callable(import_string(dotted))


def test_every_address_a_template_names_exists():
    named = {
        (address, name_of(path))
        for path in TEMPLATES
        for address in addresses(get_template(str(path.relative_to(ROOT / "templates"))).template.nodelist)
    }
    known = known_addresses()
    assert {(address, where) for address, where in named if address not in known} == set()
    assert {"home", "inbox-claim", "review-verdict", "release-publish"} <= {address for address, _ in named}


@pytest.mark.parametrize("model", [model for app in APPS for model in apps.get_app_config(app).get_models()])
def test_every_model_is_in_the_admin(model):
    assert admin.site.is_registered(model)


def test_nothing_tells_of_the_machine_it_was_written_on():
    found = [
        f"{name}: {what}: {match[0]}"
        for name, text in tracked_files()
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]
    assert found == []
