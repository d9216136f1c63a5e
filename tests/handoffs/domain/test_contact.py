"""Contact data in a customer's own words."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.contact import Contact, find_contact


@pytest.mark.parametrize(
    ("text", "email", "phone"),
    [
        ("hannah.w@example.com", "hannah.w@example.com", None),
        ("You can reach me at hannah.w@example.com.", "hannah.w@example.com", None),
        ("mail: <o'neil+shop@mail.example.co.uk>, thanks", "o'neil+shop@mail.example.co.uk", None),
        ("mailto:a@b.example", "a@b.example", None),
        ("call 07700 900182 after six", None, "07700900182"),
        ("+44 7700 900 182", None, "+447700900182"),
        ("my number is (020) 7946-0142", None, "02079460142"),
        ("0044 20 7946 0142", None, "+442079460142"),
        ("+44 (20) 7946 0142!", None, "+442079460142"),
        ("+4915112345678", None, "+4915112345678"),
        ("hannah@example.com or 07700 900182", "hannah@example.com", "07700900182"),
        ("Order 7741-0932, I am at 07700900182", None, "07700900182"),
    ],
)
def test_contact_data_is_found(text, email, phone):
    assert find_contact(text) == Contact(email=email, phone=phone)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Order 7741-0932",
        "order 123456789012",
        "my card ends 2207 and starts 4929 1234 5678 9012",
        "it cost £07700900182 ha",
        "delivered on 2026-11-21 at 12:03",
        "on 01.02.2026 10:00",
        "the parcel number was JD014600012345677",
        "serial 0123456789abcdef",
        "meet me @ the store",
        "a@b",
        "@fernhill on social media",
        "two@at@signs.example",
        "no..dots@example.com",
        "space @example.com",
        "me@-example.com",
        "me@example.c",
        "me@10.0.0.1",
        "0000000000000",
        "+0 123 456 789",
        "999",
    ],
)
def test_what_is_no_contact_data_is_left_alone(text):
    assert find_contact(text) == Contact(email=None, phone=None)
    assert not find_contact(text).is_known


def test_digits_inside_an_address_are_no_phone_number():
    assert find_contact("07700900182@example.com") == Contact("07700900182@example.com", None)


@given(st.from_regex(r"[a-z]{1,10}(\.[a-z]{1,5})?@[a-z]{2,10}\.(com|example|co\.uk)", fullmatch=True))
def test_an_address_is_found_in_a_sentence(address):
    assert find_contact(f"Write to {address}, thanks!").email == address


@given(st.from_regex(r"[1-9][0-9]{7,13}", fullmatch=True))
def test_an_international_number_is_found_in_a_sentence(digits):
    assert find_contact(f"Call +{digits}, thanks!").phone == f"+{digits}"


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text):
    found = find_contact(text)
    assert found.email is None or "@" in found.email
    assert found.phone is None or found.phone.lstrip("+").isdigit()


@pytest.mark.parametrize("unit", ["0", "0 ", "a@", "a.", "+", "(0", "a@b.c ", "-", "@a.b"])
def test_hostile_text_takes_time_in_proportion_to_its_length(unit):
    def cost(size):
        text = unit * (size // len(unit))
        started = process_time()
        find_contact(text)
        return process_time() - started

    small = min(cost(25_000) for _ in range(3))
    large = min(cost(100_000) for _ in range(3))
    assert large <= 8 * small + 0.01  # four times is linear, sixteen would be quadratic
