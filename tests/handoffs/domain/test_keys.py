"""Keys and names of new configuration rows."""

import pytest

from handoffs.domain.keys import free_key, free_name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Billing hours", "billing-hours"),
        ("Café  &  Théâtre!", "cafe-theatre"),
        ("営業時間", "hours"),
        ("--", "hours"),
        ("x" * 120, "x" * 50),
    ],
)
def test_a_key_is_the_name_in_plain_letters(name, key):
    assert free_key(name, taken=(), fallback="hours") == key


def test_a_key_that_is_taken_gets_the_first_free_number():
    assert free_key("Billing", taken={"billing", "billing-2", "billing-4"}, fallback="hours") == "billing-3"


def test_a_name_that_is_taken_in_any_case_gets_a_number():
    assert free_name("Copy of Billing", taken=(), most=120) == "Copy of Billing"
    assert free_name("Copy of Billing", taken={"COPY of billing", "Copy of Billing 2"}, most=120) == "Copy of Billing 3"


def test_a_name_with_its_number_is_never_longer_than_it_may_be():
    long = "Copy of " + "x" * 200

    assert len(free_name(long, taken={long[:115]}, most=120)) <= 120
