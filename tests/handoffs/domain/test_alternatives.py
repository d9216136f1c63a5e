from dataclasses import replace

import pytest

from handoffs.domain.alternatives import TRY_AGAIN, contact_lines, try_again, with_contacts
from handoffs.domain.settings import AlternativeContact, ContactKind, Sensitivity, SettingsConfig
from handoffs.domain.triggers.explicit import detect_explicit_request
from handoffs.domain.triggers.signal import Trigger
from handoffs.domain.triggers.thresholds import THRESHOLDS

PLAIN = SettingsConfig()
CONTACTS = (
    AlternativeContact(ContactKind.PHONE, "Call the help line", "+44 20 7946 0177"),
    AlternativeContact(ContactKind.PHONE, "Or", "tel:+44-20-7946-0178"),
    AlternativeContact(ContactKind.LINK, "Help pages", "https://example.com/help"),
)


def test_contacts_are_lines_a_customer_can_read():
    assert contact_lines(replace(PLAIN, alternative_contacts=CONTACTS)) == (
        "Call the help line: +44 20 7946 0177",
        "Or: +44-20-7946-0178",
        "Help pages: https://example.com/help",
    )


def test_a_text_without_contacts_stays_as_it_is():
    assert with_contacts("Write here.", PLAIN) == "Write here."


def test_contacts_stand_below_the_text():
    assert with_contacts("Write here.", replace(PLAIN, alternative_contacts=CONTACTS[:1])) == (
        "Write here.\nCall the help line: +44 20 7946 0177"
    )


@pytest.mark.parametrize(
    ("own", "offered"),
    [
        (PLAIN, True),
        (replace(PLAIN, offer_try_again=False), False),
        (replace(PLAIN, is_on=False), False),
        (replace(PLAIN, on_explicit_request=False), False),
    ],
)
def test_another_try_is_offered_where_it_would_be_followed(own, offered):
    assert try_again(own) == ([{"message_text": TRY_AGAIN}] if offered else [])


@pytest.mark.parametrize("sensitivity", Sensitivity)
def test_what_the_button_says_is_a_request_at_every_sensitivity(sensitivity):
    assert detect_explicit_request(TRY_AGAIN, threshold=THRESHOLDS[Trigger.EXPLICIT_REQUEST][sensitivity], turn=0).fired
