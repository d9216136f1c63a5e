"""The pages of office hours: list, editor with its live preview, copies and removal."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.models import AuditEntry
from handoffs.models import Destination, Schedule
from tests.handoffs.hours import posted_hours

BILLING = [{"day": day, "start": "08:00", "end": "18:00"} for day in range(5)]


@pytest.fixture
def schedule(project) -> Schedule:
    return Schedule.objects.create(
        project=project, key="billing", name="Billing hours", time_zone="Europe/London", intervals=BILLING
    )


@pytest.fixture
def by_owner(client, owner):
    client.force_login(owner)
    return client


def test_without_hours_the_list_says_what_that_means(by_owner):
    page = by_owner.get(reverse("hours")).content.decode()

    assert "Always open until you say otherwise" in page


def test_the_list_says_zone_state_and_who_uses_the_hours(by_owner, schedule, project):
    Destination.objects.filter(project=project).update(schedule_key="billing")
    page = by_owner.get(reverse("hours")).content.decode()

    assert "Europe/London" in page
    assert "Open now, closes at 18:00" in page or "Closed now, opens" in page
    assert 'aria-label="Monday 08:00–18:00; Tuesday' in page


def test_the_editor_shows(by_owner, schedule):
    response = by_owner.get(reverse("hours-edit", args=[schedule.pk]))
    assert response.status_code == 200
    response = by_owner.get(reverse("hours-add"))
    assert response.status_code == 200
    assert by_owner.get(reverse("coverage")).status_code == 200
    assert by_owner.get(reverse("coverage-result")).status_code == 200
    assert by_owner.get(reverse("hours-coverage", args=[schedule.pk])).status_code == 200
    assert by_owner.get(reverse("hours-import", args=[schedule.pk])).status_code == 200
