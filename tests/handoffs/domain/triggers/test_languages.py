"""Requests for a person and what only looks like one, in every language we have rules for."""

from importlib import import_module

import pytest

from handoffs.domain.triggers.explicit import THRESHOLD, detect_explicit_request
from handoffs.domain.triggers.languages import LANGUAGES

NAMES = ("english", "spanish", "french", "german", "italian", "portuguese", "dutch")
TABLES = {name: import_module(f"tests.handoffs.domain.triggers.languages.{name}") for name in NAMES}


def sentences(kind):
    return [pytest.param(text, id=f"{name}: {text}") for name in NAMES for text in getattr(TABLES[name], kind)]


@pytest.mark.parametrize("text", sentences("ASKS"))
def test_who_asks_for_a_person_is_heard(text):
    assert detect_explicit_request(text).score >= THRESHOLD


@pytest.mark.parametrize("text", sentences("REFUSES"))
def test_who_wants_no_person_is_left_alone(text):
    assert not detect_explicit_request(text).fired


@pytest.mark.parametrize("text", sentences("MEANS_SOMETHING_ELSE"))
def test_who_speaks_of_a_person_does_not_ask_for_one(text):
    assert not detect_explicit_request(text).fired


def test_every_language_has_its_table():
    assert len(LANGUAGES) == len(NAMES)
    for table in TABLES.values():
        assert len(table.ASKS) >= 40
        assert len(table.REFUSES) >= 20
        assert len(table.REFUSES) + len(table.MEANS_SOMETHING_ELSE) >= 40
