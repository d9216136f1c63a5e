"""The coverage finder's pages: the frame at once, the walk after it, each hole with where to mend it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.models.ids import new_id
from handoffs.models import Destination, Handoff, Queue, Schedule

WEEKDAYS = [{"day": day, "start": "09:00", "end": "17:00"} for day in range(5)]


@pytest.fixture
def schedule(project) -> Schedule:
    return Schedule.objects.create(
        project=project, key="office", name="Office", time_zone="Europe/London", intervals=WEEKDAYS
    )


def result(client, **asked) -> str:
    return client.get(reverse("coverage-result"), asked).content.decode()


@pytest.fixture
def two_in_a_circle(project, schedule):
    for key, fallback in (("second", "retention"), ("retention", "second")):
        Destination.objects.create(
            project=project, key=key, name=key.capitalize(), queue_key="billing", schedule_key="office",
            out_of_hours="fallback", fallback_key=fallback,
        )  # fmt: skip


def test_the_frame_is_there_at_once_and_fetches_the_walk(as_owner, project):
    page = as_owner.get(reverse("coverage"), {"destination": "billing"}).content.decode()

    assert "Walking the coming year…" in page
    assert f'hx-get="{reverse("coverage-result")}?destination=billing' in page


def test_a_year_without_holes_says_so(as_owner, project):
    page = result(as_owner)

    assert "No holes in the coming year" in page
    assert "0 days on which a handoff would reach nobody" in page
    assert "Walked 1 destination, all fallbacks, in" in page


def test_a_circle_is_shown_with_its_chain_and_the_editor_of_its_end(as_owner, two_in_a_circle):
    page = result(as_owner)

    assert "Second and Retention send to each other" in page
    assert "Second \u203a Retention \u203a Second" in page
    assert "Mon to Thu 17:00 \u2013 09:00 next day" in page
    second = Destination.objects.get(key="second")
    assert f'href="{reverse("destination-edit", args=[second.pk])}"' in page


def test_one_destination_is_walked_alone_but_with_its_chain(as_owner, two_in_a_circle):
    page = result(as_owner, destination="second")

    assert "Walked 1 destination" in page
    assert "Second \u203a Retention \u203a Second" in page
    assert "Retention \u203a Second \u203a Retention" not in page


def test_a_queue_that_is_off_is_a_hole_all_year(as_owner, project):
    Queue.objects.update(is_on=False)
    page = result(as_owner)

    assert "All year" in page
    assert "Billing has no queue that is on, and no fallback" in page
    assert "Billing \u203a nowhere" in page


def test_what_came_lately_says_how_many_to_expect(as_owner, project, cast, conversation, connector):
    cast.hand_off(conversation)
    Queue.objects.update(is_on=False)
    assert "Expected handoffs" not in result(as_owner)

    handoff = Handoff.objects.get()
    earlier = timezone.now() - timedelta(days=3)
    for _ in range(25):
        handoff.pk, handoff.state, handoff.initiated_at = new_id(), "closed", earlier
        handoff.save(force_insert=True)
    page = result(as_owner)

    # 25 in 12 weeks are 108 in 52; one that came in this minute is not counted yet, or 113 with it.
    assert "Expected handoffs" in page
    assert re.search(r'<td class="hs-table-num">.*</span>1[01][0-9]</td>', page)


def test_a_time_that_does_not_exist_is_mended_in_the_hours(as_owner, project, schedule):
    Schedule.objects.update(intervals=[{"day": 6, "start": "01:15", "end": "01:45"}])
    Destination.objects.update(schedule_key="office")
    page = result(as_owner)

    assert "This half hour does not exist, the clocks go forward at 01:00" in page
    assert f'href="{reverse("hours-edit", args=[schedule.pk])}"' in page


def test_the_strip_of_hours_covers_those_who_keep_them(as_owner, project, schedule, two_in_a_circle):
    page = as_owner.get(reverse("hours-coverage", args=[schedule.pk])).content.decode()

    assert "Walked 2 destinations, all fallbacks, in" in page
    assert "Coverage for the next year" in page


def test_hours_nobody_keeps_have_nothing_to_walk(as_owner, schedule):
    page = as_owner.get(reverse("hours-coverage", args=[schedule.pk])).content.decode()

    assert "No destination uses these hours yet" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "9" * 40])
def test_a_page_that_does_not_exist_is_the_nearest(as_owner, project, number):
    assert "Walked 1 destination" in result(as_owner, page=number)


def test_a_thousand_destinations_are_walked_a_page_at_a_time(
    as_owner, project, schedule, django_assert_max_num_queries
):
    Destination.objects.bulk_create(
        Destination(project=project, key=f"d{number}", name=f"Desk {number:04}", queue_key="billing",
                    schedule_key="office", fallback_key="billing", out_of_hours="fallback")
        for number in range(1_000)
    )  # fmt: skip
    with django_assert_max_num_queries(25):
        page = result(as_owner, page="2")

    assert "Walked 50 destinations" in page
    assert "Page 2 of 21, 1001 destinations" in page
    assert "page=1" in page
    assert "page=3" in page


def test_who_may_not_edit_settings_sees_none_of_it(client, agent, schedule):
    client.force_login(agent)

    for address in ("coverage", "coverage-result"):
        assert client.get(reverse(address)).status_code == 403
    assert client.get(reverse("hours-coverage", args=[schedule.pk])).status_code == 403
