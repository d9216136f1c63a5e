"""The pages of office hours: list, editor with its live preview, copies, removal, and who may."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from conversations.models import AuditEntry
from handoffs.models import Destination, Schedule
from tests.handoffs.hours import posted_hours

NINE_TO_SIX = [{"day": day, "start": "09:00", "end": "18:00"} for day in range(5)]
WEEK = {day: [("09:00", "18:00")] for day in range(5)}


@pytest.fixture
def schedule(project) -> Schedule:
    return Schedule.objects.create(
        project=project, key="billing", name="Billing hours", time_zone="Europe/London", intervals=NINE_TO_SIX
    )


def text_of(response) -> str:
    return response.content.decode()


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_without_hours_the_list_says_what_that_means(as_owner):
    assert "Always open until you say otherwise" in text_of(as_owner.get(reverse("hours")))


def test_the_list_shows_zone_week_and_who_uses_the_hours(as_owner, schedule, project):
    Destination.objects.filter(project=project).update(schedule_key="billing")
    Schedule.objects.create(project=project, key="never", name="Never", time_zone="Asia/Tokyo")
    page = text_of(as_owner.get(reverse("hours")))

    assert "Europe/London" in page
    assert "Open now, closes at 18:00" in page or "Closed now, opens" in page
    assert 'aria-label="Monday 09:00\u201318:00; Tuesday 09:00\u201318:00' in page
    assert 'aria-label="Never open"' in page
    assert "Never opens" in page
    assert "Nothing yet" in page


def test_the_list_is_searched_by_name_and_zone(as_owner, schedule, project):
    Schedule.objects.create(project=project, key="tokyo", name="Night desk", time_zone="Asia/Tokyo")

    for search in ("night", "tokyo"):
        page = text_of(as_owner.get(reverse("hours"), {"q": search}))
        assert "Night desk" in page
        assert "Billing hours" not in page
    assert "No hours are called “noon”" in text_of(as_owner.get(reverse("hours"), {"q": "noon"}))


def test_new_hours_are_added_under_a_key_of_their_name(as_owner, project, owner):
    response = as_owner.post(reverse("hours-add"), posted_hours(name="Café hours", hours=WEEK))

    added = Schedule.objects.get()
    assert response.url == reverse("hours-edit", args=[added.pk])
    assert (added.key, added.project, added.intervals) == ("cafe-hours", project, NINE_TO_SIX)
    entry = AuditEntry.objects.get(action="schedule.added")
    assert (entry.subject, entry.user, entry.after["intervals"]) == ("Café hours", owner, NINE_TO_SIX)


def test_every_field_is_audited_with_before_and_after(as_owner, schedule, owner):
    before = {
        "name": "Billing hours",
        "time_zone": "Europe/London",
        "intervals": NINE_TO_SIX,
        "country": "",
        "subdivision": "",
        "holidays": [],
    }
    after = {
        "name": "Invoices",
        "time_zone": "Europe/Madrid",
        "intervals": [{"day": 5, "start": "22:00", "end": "02:00"}],
        "country": "ES",
        "subdivision": "MD",
        "holidays": [{"date": "12-24", "name": "Nochebuena", "intervals": [["08:00", "14:00"]]}],
    }
    posted = posted_hours(
        name="Invoices", time_zone="Europe/Madrid", hours={5: [("22:00", "02:00")]}, country="ES", subdivision="MD",
        dates=[{"date": "2026-12-24", "name": "Nochebuena", "hours": "08:00-14:00", "every_year": "on"}], revision=1,
    )  # fmt: skip
    as_owner.post(reverse("hours-edit", args=[schedule.pk]), posted)

    schedule.refresh_from_db()
    assert {name: getattr(schedule, name) for name in after} == after
    entry = AuditEntry.objects.get(action="schedule.changed")
    assert (entry.before, entry.after, entry.user, entry.subject) == (before, after, owner, "Billing hours")
    assert schedule.key == "billing"


def test_saving_what_stands_there_leaves_no_trace(as_owner, schedule):
    response = as_owner.post(reverse("hours-edit", args=[schedule.pk]), posted_hours(hours=WEEK, revision=1))

    assert response.status_code == 302
    schedule.refresh_from_db()
    assert schedule.revision == 1
    assert not AuditEntry.objects.exists()


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_mend(as_owner, schedule):
    posted = posted_hours(name="Invoices", time_zone="Europe/Londn", hours={1: [("09:00", "09:00")]}, revision=1)
    response = as_owner.post(reverse("hours-edit", args=[schedule.pk]), posted)

    assert response.status_code == 422
    page = text_of(response)
    assert 'value="Invoices"' in page
    assert 'value="Europe/Londn"' in page
    assert "Names look like Europe/London" in page
    assert "It opens and closes at 09:00. For the whole day write 00:00 to 00:00" in page
    assert "Mend the hours of Tuesday" in page
    schedule.refresh_from_db()
    assert (schedule.name, schedule.intervals) == ("Billing hours", NINE_TO_SIX)


def test_a_name_another_has_is_refused_whatever_its_case(as_owner, schedule, project):
    response = as_owner.post(reverse("hours-add"), posted_hours(name="BILLING hours", hours=WEEK))

    assert response.status_code == 422
    assert "Another one has this name" in text_of(response)
    assert Schedule.objects.count() == 1


def test_who_saves_over_a_newer_version_is_shown_the_difference_in_words(as_owner, schedule, owner):
    newer = posted_hours(hours={0: [("08:00", "12:00")]}, revision=1)
    as_owner.post(reverse("hours-edit", args=[schedule.pk]), newer)
    response = as_owner.post(reverse("hours-edit", args=[schedule.pk]), posted_hours(hours=WEEK, revision=1))

    page = text_of(response)
    assert "Olive Grant saved this at" in page
    assert "<td>Monday 08:00\u201312:00</td>" in page
    assert "<td>Monday 09:00\u201318:00; Tuesday 09:00\u201318:00;" in page
    assert 'name="revision" value="2"' in page
    schedule.refresh_from_db()
    assert schedule.intervals == [{"day": 0, "start": "08:00", "end": "12:00"}]


def test_the_preview_draws_what_is_typed_and_saves_nothing(as_owner, schedule):
    posted = posted_hours(
        hours={4: [("13:15", "02:00")], 6: [("01:15", "01:45")]}, country="GB", subdivision="ENG",
        dates=[{"date": "2026-12-24", "name": "Christmas Eve", "every_year": "on", "hours": "08:00-14:00"}],
        customer_zone="Europe/Madrid",
    )  # fmt: skip
    page = text_of(as_owner.post(reverse("hours-preview", args=[schedule.pk]), posted))

    assert "Weekly hours, Europe/London: Friday 13:15\u201302:00; Sunday 01:15\u201301:45" in page
    assert "13:15 \u2013 02:00 next day" in page
    assert ">to 02<" in page
    assert "England, United Kingdom, plus your own" in page
    assert "Christmas Eve" in page
    assert "in Madrid" in page
    assert "does not exist on Sunday 28 March" in page
    schedule.refresh_from_db()
    assert schedule.intervals == NINE_TO_SIX
    assert not AuditEntry.objects.exists()


def test_the_preview_of_half_a_form_is_no_error(as_owner):
    response = as_owner.post(reverse("hours-add-preview"), {"name": "", "time_zone": "Euro", "day0-TOTAL_FORMS": "x"})

    assert response.status_code == 200
    assert "Never open" in text_of(response)


def test_closed_days_say_what_happens_to_a_customer(as_owner, schedule, project):
    Destination.objects.filter(project=project).update(schedule_key="billing", out_of_hours="ai")
    page = text_of(as_owner.get(reverse("hours-edit", args=[schedule.pk])))

    assert "Closed. The AI carries on, people are back Monday from 09:00" in page
    assert "Our team is not there right now. People are back" in page


def test_a_closed_destination_without_a_fallback_is_named(as_owner, schedule, project):
    Destination.objects.filter(project=project).update(schedule_key="billing", out_of_hours="fallback")

    assert "has no fallback and reaches nobody" in text_of(as_owner.get(reverse("hours-edit", args=[schedule.pk])))


def test_the_regions_follow_the_country(as_owner, project):
    regions = text_of(as_owner.get(reverse("hours-regions"), {"country": "GB"}))

    assert '<option value="WLS">Wales</option>' in regions
    assert "Whole country" in text_of(as_owner.get(reverse("hours-regions"), {"country": "nowhere"}))


def test_a_copy_has_a_name_and_a_key_of_its_own(as_owner, schedule):
    for _ in range(2):
        as_owner.post(reverse("hours-duplicate", args=[schedule.pk]))

    copies = Schedule.objects.exclude(pk=schedule.pk).order_by("name")
    assert [(copy.name, copy.key) for copy in copies] == [
        ("Copy of Billing hours", "copy-of-billing-hours"),
        ("Copy of Billing hours 2", "copy-of-billing-hours-2"),
    ]
    assert [copy.intervals for copy in copies] == [NINE_TO_SIX, NINE_TO_SIX]
    assert AuditEntry.objects.filter(action="schedule.added").count() == 2


def test_hours_in_use_are_not_deleted_and_the_destinations_are_named(as_owner, schedule, project):
    Destination.objects.filter(project=project).update(schedule_key="billing")
    response = as_owner.post(reverse("hours-delete", args=[schedule.pk]), {"typed": "Billing hours"})

    assert told(response) == ["Not deleted: Billing hours is still in use. Point these elsewhere first: Billing"]
    assert Schedule.objects.filter(pk=schedule.pk).exists()
    assert "Still in use. Point these elsewhere first" in text_of(as_owner.get(reverse("hours")))


def test_hours_are_deleted_by_typing_their_name(as_owner, schedule):
    as_owner.post(reverse("hours-delete", args=[schedule.pk]), {"typed": "Billing"})
    assert Schedule.objects.filter(pk=schedule.pk).exists()

    as_owner.post(reverse("hours-delete", args=[schedule.pk]), {"typed": "Billing hours "})
    assert not Schedule.objects.exists()
    entry = AuditEntry.objects.get(action="schedule.removed")
    assert (entry.subject, entry.before["intervals"]) == ("Billing hours", NINE_TO_SIX)


ROWS = ["hours-edit", "hours-preview", "hours-duplicate", "hours-delete", "hours-import", "hours-import-add"]


@pytest.mark.parametrize("name", ROWS)
def test_another_projects_hours_are_not_found(client, outsider, schedule, name):
    client.force_login(outsider)

    assert client.post(reverse(name, args=[schedule.pk])).status_code == 404
    schedule.refresh_from_db()
    assert schedule.revision == 1


def test_who_may_not_edit_settings_sees_none_of_it(client, agent, schedule):
    client.force_login(agent)

    for address in (reverse("hours"), reverse("hours-add"), reverse("hours-edit", args=[schedule.pk])):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("number", [1, 1_000])
def test_the_pages_ask_a_bounded_number_of_queries(as_owner, schedule, project, django_assert_max_num_queries, number):
    Destination.objects.bulk_create(
        Destination(project=project, key=f"d{index}", name=f"Desk {index:04}", schedule_key="billing")
        for index in range(number)
    )
    Schedule.objects.bulk_create(
        Schedule(project=project, key=f"s{index}", name=f"Hours {index}", time_zone="UTC") for index in range(30)
    )
    as_owner.get(reverse("hours"))

    for address in (reverse("hours"), reverse("hours-edit", args=[schedule.pk])):
        with django_assert_max_num_queries(30):
            assert as_owner.get(address).status_code == 200
