"""Banners above every page: only for what concerns everybody."""

import pytest
from django.utils import timezone

from handoffs.models import Destination
from handoffs.services.presence import set_presence
from studio.console.banners import Alarm, read_alarm

pytestmark = pytest.mark.django_db


def test_a_project_with_a_default_and_nobody_waiting_is_calm(project):
    assert read_alarm(project) == Alarm(has_default=True, unserved=0)


def test_customers_who_wait_count_while_nobody_is_ready(project, waiting, agent):
    assert read_alarm(project).unserved == 1
    set_presence(user=agent, project=project, state="break", at=timezone.now())
    assert read_alarm(project).unserved == 1
    set_presence(user=agent, project=project, state="ready", at=timezone.now())
    assert read_alarm(project).unserved == 0


def test_somebody_who_may_not_reply_is_not_ready(project, waiting, reviewer):
    set_presence(user=reviewer, project=project, state="ready", at=timezone.now())
    assert read_alarm(project).unserved == 1


def test_a_ticket_waits_for_nobody(project, ticket):
    assert read_alarm(project).unserved == 0


def test_it_takes_two_queries_at_most(project, waiting, django_assert_num_queries):
    with django_assert_num_queries(2):
        read_alarm(project)


def test_every_page_says_that_no_default_is_chosen(client, agent, owner):
    Destination.objects.update(is_default=False)
    client.force_login(agent)
    page = client.get("/").text
    assert "No default destination." in page
    assert "Choose one" not in page


def test_who_may_reply_can_take_work_from_the_banner(client, waiting, agent):
    client.force_login(agent)
    assert "Take work now" in client.get("/").text
