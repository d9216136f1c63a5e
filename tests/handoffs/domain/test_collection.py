"""What is read out of a customer's answers to the questions before a transfer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.collection import SKIPPED, fields_to_collect, find_known, hint_of, read_value
from handoffs.domain.config import DestinationConfig, ProjectConfig
from handoffs.domain.settings import CollectedField, FieldKind, SettingsConfig

PLANS = ("Gold", "Silver", "Gold plus")


def field(kind: FieldKind, key: str = "it") -> CollectedField:
    return CollectedField(key, "it", kind, choices=PLANS if kind is FieldKind.CHOICE else ())


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldKind.TEXT, " Ada Lovelace ", "Ada Lovelace"),
        (FieldKind.TEXT, "Why do you need that?", None),
        (FieldKind.TEXT, "no", None),
        (FieldKind.TEXT, "x" * 501, None),
        (FieldKind.LONG_TEXT, "x" * 501, "x" * 501),
        (FieldKind.EMAIL, "it's ada@example.com.", "ada@example.com"),
        (FieldKind.EMAIL, "ada at example.com", None),
        (FieldKind.PHONE, "call +44 20 7946 0177", "+442079460177"),
        (FieldKind.PHONE, "(020) 7946-0177", "02079460177"),
        (FieldKind.PHONE, "12345", None),
        (FieldKind.PHONE, "1234567890123456", None),
        (FieldKind.NUMBER, "about 12", 12),
        (FieldKind.NUMBER, "12,50 euros", 12.5),
        (FieldKind.NUMBER, "-3", -3),
        (FieldKind.NUMBER, "1.234", None),
        (FieldKind.NUMBER, "twelve", None),
        (FieldKind.DATE, "2026-03-31", "2026-03-31"),
        (FieldKind.DATE, "on 31.3.2026", "2026-03-31"),
        (FieldKind.DATE, "03/31/2026", "2026-03-31"),
        (FieldKind.DATE, "5/3/2026", "2026-03-05"),
        (FieldKind.DATE, "31.2.2026", None),
        (FieldKind.DATE, "tomorrow", None),
        (FieldKind.CHOICE, "silver!", "Silver"),
        (FieldKind.CHOICE, "2", "Silver"),
        (FieldKind.CHOICE, "4", None),
        (FieldKind.CHOICE, "the silver one", "Silver"),
        (FieldKind.CHOICE, "gold plus", "Gold plus"),
        (FieldKind.CHOICE, "gold or silver", None),
        (FieldKind.CHOICE, "", None),
    ],
)
def test_an_answer_is_read_by_the_fields_kind(kind, text, value):
    assert read_value(field(kind), text) == value


@pytest.mark.parametrize("kind", FieldKind)
def test_every_kind_says_what_a_right_answer_looks_like(kind):
    assert "{" not in hint_of(field(kind))


@pytest.mark.parametrize("kind", FieldKind)
@given(text=st.text(max_size=300))
def test_whatever_is_written_is_a_value_or_none(kind, text):
    value = read_value(field(kind), text)
    assert value is None or isinstance(value, str | int | float)


def test_words_for_skip_are_folded():
    assert {word == word.casefold() and word == word.strip() and bool(word) for word in SKIPPED} == {True}


FIELDS = (field(FieldKind.EMAIL, "email"), field(FieldKind.PHONE, "phone"), field(FieldKind.TEXT, "order_number"))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (["Hello", "I am ada@example.com"], {"email": "ada@example.com"}),
        (["ada@example.com", "sorry, ada@example.org"], {"email": "ada@example.org"}),
        (["my order number is 7741-A"], {"order_number": "7741-A"}),
        (["meine Bestellnummer: B-20931"], {"order_number": "B-20931"}),
        (["pedido #99812"], {"order_number": "99812"}),
        (["order a pizza"], {}),
        (["I ordered 3 of them"], {}),
        (["call me at +44 20 7946 0177"], {"phone": "+442079460177"}),
        ([], {}),
    ],
)
def test_what_was_said_already_is_known(said, known):
    assert find_known(FIELDS, said) == known


def test_a_destinations_own_fields_come_after_those_of_the_settings():
    email = CollectedField("email", "your e-mail address", FieldKind.EMAIL)
    config = ProjectConfig(
        settings=SettingsConfig(collected_fields=(email,)),
        destinations=(
            DestinationConfig("billing", "Billing", is_default=True, required_fields=("order.number", "email")),
        ),
    )
    found = fields_to_collect(config, asked_for="", reason="")
    assert [(item.key, item.label, item.kind, item.is_required) for item in found] == [
        ("email", "your e-mail address", FieldKind.EMAIL, True),
        ("order.number", "order number", FieldKind.TEXT, True),
    ]
