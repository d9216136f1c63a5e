"""Which holiday a date is."""

from datetime import date

from handoffs.domain.office_hours.holidays import Holiday, holidays_between, public_holidays
from handoffs.domain.office_hours.schedules import HolidayConfig, ScheduleConfig

LONDON = ScheduleConfig("office", "Office", "Europe/London", country="GB", subdivision="ENG")


def test_the_public_holidays_of_a_region_with_ones_own_between():
    own = (HolidayConfig("12-24", "Christmas Eve", (("08:00", "14:00"),)),)
    schedule = ScheduleConfig("office", "Office", "Europe/London", country="GB", subdivision="ENG", holidays=own)

    assert list(holidays_between(schedule, date(2026, 12, 20), 14)) == [
        Holiday(date(2026, 12, 24), "Christmas Eve", (("08:00", "14:00"),)),
        Holiday(date(2026, 12, 25), "Christmas Day", is_public=True),
        Holiday(date(2026, 12, 26), "Boxing Day", is_public=True),
        Holiday(date(2026, 12, 28), "Boxing Day (observed)", is_public=True),
        Holiday(date(2027, 1, 1), "New Year's Day", is_public=True),
    ]


def test_a_region_has_holidays_of_its_own():
    assert date(2026, 11, 30) in public_holidays("GB", "SCT", 2026)  # St Andrew's Day
    assert date(2026, 11, 30) not in public_holidays("GB", "ENG", 2026)


def test_names_are_english_where_the_package_has_them():
    assert public_holidays("DE", "BY", 2026)[date(2026, 12, 25)] == "Christmas Day"


def test_leap_day_comes_in_leap_years_only():
    schedule = ScheduleConfig("office", "Office", "UTC", holidays=(HolidayConfig("02-29", "Leap day"),))

    found = [holiday.day for holiday in holidays_between(schedule, date(2026, 1, 1), 3 * 365)]

    assert found == [date(2028, 2, 29)]
