"""Countries and regions by the names people choose them by."""

import holidays as public

from handoffs.domain.office_hours.places import country_names, say_place, subdivision_names


def test_every_country_and_region_the_package_knows_can_be_chosen():
    known = public.list_supported_countries(include_aliases=False)

    assert {code: set(subdivision_names(code)) for code in country_names()} == {
        code: set(parts) for code, parts in known.items()
    }
    assert len(known) > 200


def test_countries_stand_in_order_of_their_names():
    names = list(country_names().values())

    assert names == sorted(names)
    assert country_names()["BA"] == "Bosnia and Herzegovina"
    assert country_names()["GB"] == "United Kingdom"


def test_a_place_is_said_from_small_to_large():
    assert say_place("GB", "ENG") == "England, United Kingdom"
    assert say_place("DE", "") == "Germany"
    assert say_place("", "") == ""


def test_an_unknown_country_has_no_regions():
    assert subdivision_names("XX") == {}
