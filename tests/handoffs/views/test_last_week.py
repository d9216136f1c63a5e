"""The last week decided again: what is counted, what is left out, and who may see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.domain.permissions import ROLE_PERMISSIONS, Permission
from conversations.domain.vocabulary import Role
from conversations.models import Conversation, Event
from conversations.services.sessions import open_session
from handoffs.domain.past_week import Change
from handoffs.models import HandoffSettings
from handoffs.selectors.working_copy import read_working_copy
from handoffs.services.rehearsals import SECONDS, rehearse_week
from tests.handoffs.views.settings_forms import shown

ASKS = "I want to speak to a person"


def week(client, **changes):
    sent = {**shown(client, reverse("settings")), **changes}
    return client.post(
        reverse("settings-last-week"), {name: value for name, value in sent.items() if value is not None}
    )


@pytest.fixture
def past(conversation, connector, cast) -> list[Conversation]:
    """One that asked and was handed over, one that asked and was not, one that did not, one that said nothing."""
    asked, unheard, calm, silent = conversation, *(open_session(connector=connector, options={}) for _ in range(3))
    cast.customer_says(asked, ASKS)
    cast.hand_off(asked)
    cast.customer_says(unheard, ASKS)
    cast.customer_says(calm, "How long does delivery take?")
    return [asked, unheard, calm, silent]


def reached(answer) -> dict[str, int]:
    return {bar.name: bar.reached for bar in answer.context["bars"]}


def test_each_level_says_what_it_would_have_done(as_owner, past):
    answer = week(as_owner)
    assert reached(answer) == {"These settings": 2, "AI only": 0, "Quick": 2, "Balanced": 2, "AI first": 2}
    assert (answer.context["at_once"], answer.context["asked"], answer.context["happened"]) == (2, 0, 1)
    page = answer.content.decode()
    assert "3 of 4 conversations since" in page
    assert "1 without a customer's word" in page
    assert "would newly reach a person" in page
    assert f"{reverse('trigger-test')}?conversation={past[1].pk}" in page
    assert 'style="' not in page


def test_the_draft_is_what_stands_on_the_page_and_not_what_is_saved(as_owner, past, project):
    answer = week(as_owner, is_on=None)
    assert reached(answer)["These settings"] == 0
    assert "would stay with the AI" in answer.content.decode()
    assert HandoffSettings.objects.get(project=project).is_on


def test_what_is_asked_first_is_counted_apart(as_owner, past):
    answer = week(as_owner, confirm_before_transfer="on")
    assert (answer.context["at_once"], answer.context["asked"]) == (0, 2)


def test_what_has_been_erased_is_left_out_and_counted(as_owner, past):
    said = Event.objects.filter(conversation=past[1], type="customer.message")
    said.update(payload={"erased_at": "2026-11-21T12:00:00Z"})
    answer = week(as_owner)
    assert "2 of 4 conversations" in answer.content.decode()
    assert "1 erased" in answer.content.decode()
    assert reached(answer)["These settings"] == 1


def test_older_ones_and_the_other_environment_are_left_out(as_owner, past):
    Conversation.objects.filter(pk=past[0].pk).update(created_at=timezone.now() - timedelta(days=8))
    Conversation.objects.filter(pk=past[1].pk).update(environment="sandbox")
    answer = week(as_owner)
    assert "1 of 2 conversations" in answer.content.decode()
    assert reached(week(as_owner, looked_in="sandbox"))["These settings"] == 1


def test_a_week_without_conversations_says_so(as_owner, release):
    assert "No live conversation in the last 7 days" in week(as_owner).content.decode()


def test_nothing_is_written(as_owner, past):
    before = list(Event.objects.order_by("pk").values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as asked:
        week(as_owner)
    assert list(Event.objects.order_by("pk").values_list("pk", flat=True)) == before
    written = [one["sql"] for one in asked if one["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert [sql for sql in written if "django_session" not in sql] == []


def test_the_work_ends_with_its_time_and_says_how_far_it_came(past, project, now):
    ticks = iter([0.0, 0.0, SECONDS + 1, SECONDS + 1, SECONDS + 1])
    config = read_working_copy(project)
    found = rehearse_week(
        project=project, environment="live", config=config, draft=config.settings, at=now, clock=lambda: next(ticks)
    )
    assert (found.found, len(found.looked_at) + found.silent, found.is_cut) == (4, 1, True)


def test_the_newest_come_first(past, project, now):
    config = read_working_copy(project)
    found = rehearse_week(
        project=project, environment="live", config=config, draft=config.settings, at=now, clock=lambda: 0.0
    )
    assert [one.conversation_id for one in found.looked_at] == [one.pk for one in reversed(past[:3])]
    assert [one.conversation_id for one, _trigger in found.changed(Change.NEWLY)] == [past[1].pk]


def test_many_conversations_are_read_in_few_questions(as_owner, past, connector, cast):
    with CaptureQueriesContext(connection) as few:
        week(as_owner)
    for _ in range(20):
        cast.customer_says(open_session(connector=connector, options={}), ASKS)
    with CaptureQueriesContext(connection) as many:
        week(as_owner)
    assert len(many) == len(few)


def test_who_may_not_read_conversations_is_told(as_owner, past, monkeypatch):
    without = ROLE_PERMISSIONS[Role.OWNER] - {Permission.CONVERSATIONS_VIEW}
    monkeypatch.setitem(ROLE_PERMISSIONS, Role.OWNER, without)
    assert week(as_owner).status_code == 403


def test_what_is_no_form_is_refused(as_owner):
    assert as_owner.post(reverse("settings-last-week"), {"level": 9}).status_code == 400


# Own thresholds ---------------------------------------------------------


def test_an_own_threshold_is_shown_and_taken_back(as_owner, project):
    HandoffSettings.objects.update(thresholds={"frustration": 0.62}, frustration_sensitivity="normal")
    page = as_owner.get(reverse("settings")).content.decode()
    assert "Own threshold 0.62 from calibration" in page
    sent = shown(as_owner, reverse("settings"))
    answer = as_owner.post(reverse("settings-preview"), {**sent, "apply": "own", "trigger": "frustration"})
    assert "Own threshold" not in answer.content.decode()
    assert "The sensitivity counts again" in answer.content.decode()
    assert HandoffSettings.objects.get(project=project).thresholds == {"frustration": 0.62}


def test_a_level_leaves_own_thresholds_and_the_topics_sensitivity_alone(as_owner):
    HandoffSettings.objects.update(thresholds={"frustration": 0.62}, forbidden_sensitivity="low")
    sent = shown(as_owner, reverse("settings"))
    answer = as_owner.post(reverse("settings-preview"), {**sent, "level": 3, "apply": "level"})
    form = answer.context["form"]
    assert form.own_thresholds == {"frustration": 0.62}
    assert form["forbidden_sensitivity"].value() == "low"


def test_a_threshold_that_was_never_set_cannot_be_sent(as_owner, project):
    sent = shown(as_owner, reverse("settings"))
    as_owner.post(reverse("settings"), {**sent, "thresholds": ["frustration", "forbidden_topic", "x"]})
    assert HandoffSettings.objects.get(project=project).thresholds == {}


def test_a_judge_is_chosen_of_the_connections_that_can_be_one(as_owner, project):
    for kind, key in (("openai_compatible", "own-model"), ("http_responder", "own-agent")):
        for environment in ("live", "sandbox"):
            project.connections.create(environment=environment, key=key, kind=kind, name=key.capitalize())
    form = as_owner.get(reverse("settings")).context["form"]
    assert [key for key, _name in form["judge"].field.choices] == ["", "own-model"]
    refused = as_owner.post(reverse("settings"), {**shown(as_owner, reverse("settings")), "judge": "own-agent"})
    assert refused.status_code == 422
