import pytest

from handoffs.domain.time_zones import find_time_zone, suggest_time_zone, time_zone_names


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Europe/London", "Europe/London"),
        (" europe/london ", "Europe/London"),
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("utc", "UTC"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_zone_is_found_as_people_type_it(typed, found):
    assert find_time_zone(typed) == found


@pytest.mark.parametrize(("typed", "near"), [("Londn", "Europe/London"), ("Europe/Belin", "Europe/Berlin"), ("§", "")])
def test_a_slip_is_answered_with_the_nearest_zone(typed, near):
    assert suggest_time_zone(typed) == near


def test_only_places_are_offered():
    assert "Europe/London" in time_zone_names()
    assert not {"Factory", "localtime"} & set(time_zone_names())
