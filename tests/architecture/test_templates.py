"""What the Content-Security-Policy and the sprite demand of every template and vendored file."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SHEETS = sorted((ROOT / "static" / "studio").rglob("*.css"))
MODULES = sorted((ROOT / "static" / "studio" / "js").glob("*.js"))
VENDOR = ROOT / "static" / "vendor"
SPRITE = (VENDOR / "tabler-icons" / "sprite.svg").read_text(encoding="utf-8")
ICONS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))

FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "a style element": re.compile(r"<style\b"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>"),
    "an inline handler": re.compile(r"\son[a-z]+\s*=|\shx-on\b", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "a script for eval": re.compile(r"hx-vals=.js:|hx-trigger=.[^'\"]*\["),
    "a file of another site": re.compile(r"(?:src|href)=.(?:https?:)?//"),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_holds_nothing_the_browser_policy_forbids(path):
    source = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_compiles(path):
    get_template(str(path.relative_to(ROOT / "templates")))


def test_every_icon_a_template_or_a_table_names_is_in_the_sprite():
    sources = [*TEMPLATES, ROOT / "studio/console/navigation.py", ROOT / "conversations/templatetags/ui.py"]
    named = {icon for path in sources for icon in re.findall(r'{%\s*icon "([^"]+)"', path.read_text(encoding="utf-8"))}
    from conversations.templatetags.transcript import NOTICES
    from conversations.templatetags.ui import CHANNELS
    from studio.console.navigation import SECTIONS

    named |= {symbol for symbol, _, _ in NOTICES.values()} | {symbol for symbol, _ in CHANNELS.values()}
    named |= {item.icon for section in SECTIONS for item in section.items}
    assert named - ICONS == set()


def test_every_vendored_file_is_the_one_that_was_recorded():
    for package in json.loads((VENDOR / "vendored.json").read_text(encoding="utf-8")):
        folder = VENDOR / package["folder"]
        found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        assert found == package["sha256"], package["package"]


def test_every_vendored_package_carries_its_licence():
    for package in json.loads((VENDOR / "vendored.json").read_text(encoding="utf-8")):
        assert "LICENSE" in package["sha256"], package["package"]


def test_no_vendored_file_points_to_a_source_map():
    assert [path for path in VENDOR.rglob("*.[cj]s*") if b"sourceMappingURL" in path.read_bytes()] == []


@pytest.mark.parametrize("path", [*SHEETS, *MODULES], ids=name_of)
def test_a_sheet_or_module_stays_below_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_every_controller_a_template_names_is_registered():
    registered = (ROOT / "static/studio/js/studio.js").read_text(encoding="utf-8")
    table = registered.split("const CONTROLLERS = {")[1].split("};")[0]
    known = set(re.findall(r'"?([a-z-]+)"?[,:]', table))
    named = set()
    for path in TEMPLATES:
        for value in re.findall(r'data-controller="([^"]+)"', path.read_text(encoding="utf-8")):
            named |= set(value.split())
    assert named - known == set()
