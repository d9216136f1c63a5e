"""What must hold of the documents: their links lead somewhere, their pictures are there and small, the lists agree."""

import re
from pathlib import Path

import pytest

from tools.credits import BEGIN, END, pinned

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PICTURES = sorted((ROOT / "docs" / "pictures").iterdir())
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# A name in back quotes that looks like a path of this repository: at least one folder, a known kind of file.
NAMED_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|js|json|txt|md|html))[`:]")
MOST_BYTES_OF_A_PICTURE = 250_000
MOST_LINES_OF_A_RECORD = 30
PNG = b"\x89PNG\r\n\x1a\n"
LIBRARIES_UNDER_LGPL = {"psycopg", "psycopg-binary", "psycopg-pool"}
APACHE_BEGIN, APACHE_END = "Apache License", "limitations under the License."


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def headings(page: Path) -> set[str]:
    """The anchors a page offers: its headings in the spelling of the usual Markdown renderers."""
    titles = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page):
    broken = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in headings(target)):
            broken.append(link)
    assert broken == []


def test_every_file_the_readme_and_the_architecture_name_is_there():
    """The architecture page names files from the root, or within the app a line is about."""
    apps = [ROOT / app for app in ("conversations", "handoffs", "integrations", "studio")]
    missing = [
        f"{page.name}: {name}"
        for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md")
        for name in NAMED_FILE.findall(page.read_text(encoding="utf-8"))
        if not name.startswith("var/") and not any((folder / name).exists() for folder in (ROOT, *apps))
    ]
    assert missing == []


def test_every_picture_is_shown_and_every_one_is_a_small_png():
    shown = {
        (page.parent / link).resolve()
        for page in PAGES
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if "pictures/" in link
    }
    assert set(PICTURES) == shown
    assert {path.name: path.stat().st_size for path in PICTURES if path.stat().st_size >= MOST_BYTES_OF_A_PICTURE} == {}
    assert [path.name for path in PICTURES if not path.read_bytes().startswith(PNG)] == []


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_record_is_short_and_says_all_three(record):
    text = record.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES_OF_A_RECORD
    assert [part for part in ("**Context.**", "**Decision.**", "**Consequences.**") if part not in text] == []


def test_decision_records_are_numbered_without_a_gap():
    assert [path.name[:5] for path in RECORDS] == [f"{number:04}-" for number in range(1, len(RECORDS) + 1)]
    assert [path.read_text(encoding="utf-8")[2:6] for path in RECORDS] == [path.name[:4] for path in RECORDS]


def test_the_licence_is_the_whole_apache_licence():
    lines = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()
    assert (lines[0].strip(), lines[-1].strip(), len(lines)) == (APACHE_BEGIN, APACHE_END, 201)


def test_the_credits_name_every_package_an_installation_has():
    page = (ROOT / "CREDITS.md").read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    licences = dict(re.findall(r"^\| ([\w.-]+) \| ([^|]+) \|", page, re.MULTILINE))
    del licences["package"]
    assert licences.keys() == pinned().keys()
    assert {name for name, licence in licences.items() if "GPL" in licence} == LIBRARIES_UNDER_LGPL
