"""Whatever somebody sends, no address answers it with a bare 500; it answers the owner, who gets furthest."""

from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from tests.addresses import ADDRESSES, url_of
from tests.html_forms import Sent, read_posts
from tests.world import World

# Not asked: these end the session, say by 503 what is missing, or wait for workers that are not there.
LEFT_OUT = {"logout", "join-leave", "readyz", "health", "admin/login/", "handoff-cancel"}
ASKED = sorted(ADDRESSES.keys() - LEFT_OUT)
# What pages read of their query.
QUERY = (
    "page q role environment view before after destination hours country customer_zone back conversation link next"
    " invitation secret noun person since until ways place queue reason verdict"
).split()
IN_QUERIES = ("abc", "9" * 400, "9999-12-31", "²", "")
MISSING = None
IN_FIELDS = ("a\0b", MISSING, "9" * 400, "-1", "9999-12-31", MISSING, '[{"a":1}]', "x" * 100_000, "²")
MOST_FIELDS = 6  # tried of one form: the rest are rows like those
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODIES = ((b"\xff\x00=%00&%FF=%00", FORM),)
API_BODIES = (
    (b"[1]", JSON),
    (b"[" * 50_000, JSON),
    (b'{"text": "\\ud800", "typing": true, "epoch": 1}', JSON),
)


class Sender:
    """Sends as the owner and undoes what it did; keeps what was answered with a 500."""

    def __init__(self, world: World) -> None:
        self.client, self.failed = Client(raise_request_exception=False), []
        self.client.force_login(world.owner)
        self.session = self.client.cookies["sessionid"].value

    def send(self, what: str, method: str, url: str, *data, **more):
        self.client.cookies["sessionid"] = self.session
        with transaction.atomic():
            answer = getattr(self.client, method)(url, *data, **more)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            self.failed.append(f"{what}: {getattr(answer, 'exc_info', [''])[:2]}")
        return answer


@pytest.fixture
def sender(world) -> Sender:
    return Sender(world)


def test_no_query_breaks_a_page(sender, world):
    query = dict(zip(QUERY, cycle(IN_QUERIES), strict=False))
    for name in ASKED:
        sender.send(name, "get", url_of(name, world), query)
    assert sender.failed == []


def test_no_body_breaks_an_address(sender, world):
    for name in ASKED:
        for body, kind in API_BODIES if name.startswith("desk-") else BODIES:
            sender.send(f"{name} {body[:12]!r}", "post", url_of(name, world), body, content_type=kind)
    assert sender.failed == []


def test_no_field_of_a_form_breaks_its_address(sender, world):
    forms, texts = dict(forms_of_all_pages(sender, world)), cycle(IN_FIELDS)
    assert len(forms) > 40
    for (name, fields), (url, form) in forms.items():
        sender.send(f"{name} NUL", "post", url, {**dict.fromkeys(form, "a\0b"), "project": str(world.project.pk)})
        for field in sorted(fields)[:: 1 + len(fields) // MOST_FIELDS]:
            text = next(texts)
            rest = {other: value for other, value in form.items() if other != field}
            changed = rest if text is MISSING else {**rest, field: [text]}
            sender.send(f"{name} {field}={(text or '')[:12]!r}", "post", url, changed)
    assert sender.failed == []


def forms_of_all_pages(sender: Sender, world: World) -> Iterator[tuple[tuple[str, frozenset[str]], tuple[str, Sent]]]:
    """Each form once, by the address it is sent to and the fields it has."""
    for name in ASKED:
        url = url_of(name, world)
        page = sender.send(name, "get", url)
        if page.status_code != 200 or "html" not in page.headers["Content-Type"]:
            continue
        for target, form in read_posts(page.text):
            sent_to = urljoin(url, target) if target != "." else url
            try:
                address = resolve(urlsplit(sent_to).path).url_name or ""
            except Resolver404:
                continue
            if address not in LEFT_OUT:
                yield (address, frozenset(form)), (sent_to, form)
