"""The first steps: done when somebody did them, not when the demo came with them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.domain.permissions import ROLE_PERMISSIONS
from conversations.domain.vocabulary import Role, Verdict
from conversations.services.outcomes import OutcomeFacts
from conversations.services.reviews import give_verdict
from handoffs.models import Destination, Schedule
from handoffs.services.closing import close_conversation
from studio.console.first_run import list_steps, read_facts
from studio.demo.story import read_story
from studio.demo.workspace import create_demo
from studio.demo_content.loader import load_workspace

pytestmark = pytest.mark.django_db


def done(project, role: Role = Role.OWNER) -> set[str]:
    steps = list_steps(read_facts(project), granted=ROLE_PERMISSIONS[role])
    return {step.task.key for step in steps if step.is_done}


def close(claimed, agent):
    facts = OutcomeFacts(code="no_action", resolved=True, first_contact_resolved=None, handled_by="Maya", note="")
    close_conversation(
        conversation_id=claimed.pk, agent=agent, epoch=claimed.epoch, facts=facts, at=timezone.now()
    )  # fmt: skip
    claimed.refresh_from_db()


def test_a_new_project_has_an_admin_and_what_was_made_for_it(project, owner):
    assert done(project) == {"admin", "destination", "reasons"}


def test_each_step_is_done_by_what_somebody_made(project, owner, claimed, agent, reviewer):
    Schedule.objects.create(project=project, key="office", name="Office", time_zone="Europe/London")
    close(claimed, agent)
    assert done(project) == {"admin", "hours", "destination", "reasons", "invite", "test", "publish"}
    give_verdict(conversation=claimed, verdict=Verdict.NEEDED, comment="", reviewer=reviewer)
    assert "mark" in done(project)


def test_without_a_default_the_destination_is_to_do_again(project, owner):
    Destination.objects.update(is_default=False)
    assert "destination" not in done(project)


def test_what_came_with_the_demo_was_done_by_nobody(db):
    demo = create_demo(content=load_workspace(), story=read_story(), clock=timezone.now)
    assert done(demo) & {"invite", "test", "mark", "publish"} == set()


def test_without_the_permission_a_step_is_shown_without_its_button(project, agent):
    steps = list_steps(read_facts(project), granted=ROLE_PERMISSIONS[Role.AGENT])
    linked = {step.task.key for step in steps if step.url}
    assert len(steps) == 8
    assert linked == {"test"}


def test_who_puts_the_steps_away_finds_them_again_under_home(client, owner, agent):
    client.force_login(owner)
    assert "Get Fernhill Mobile ready" in client.get("/").text

    away = client.post(reverse("first-run-hide"), follow=True).text
    assert "Get Fernhill Mobile ready" not in away
    assert "Show the steps" in away

    client.force_login(agent)
    assert "Get Fernhill Mobile ready" in client.get("/").text
    client.force_login(owner)
    assert "Get Fernhill Mobile ready" in client.post(reverse("first-run-hide"), {"show": "1"}, follow=True).text


def test_the_inbox_shows_the_steps_only_to_who_configures_and_has_not_put_them_away(client, owner, agent):
    client.force_login(agent)
    assert client.get(reverse("first-run")).status_code == 204
    client.force_login(owner)
    assert "find it again under Home" in client.get(reverse("first-run")).text
    client.post(reverse("first-run-hide"))
    assert client.get(reverse("first-run")).status_code == 204
