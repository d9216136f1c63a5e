"""The test handoff: real services, a made-up customer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conversations.models import AuditEntry, Connector, Conversation, Event, OutboxEntry
from conversations.outbox import finish
from handoffs.domain.levels import PRESET_FIELDS, apply_level
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.models import Handoff, HandoffSettings
from integrations.registry import handler_of
from studio.console.trial_handoff import PATIENCE, Stage, continue_trial, open_trial, start_trial

pytestmark = pytest.mark.django_db


def work(conversation: Conversation) -> None:
    """What a worker does."""
    while entry := OutboxEntry.objects.filter(conversation_id=conversation.pk).order_by("id").first():
        handler_of(entry.topic)(entry=entry, at=timezone.now())
        finish(entry)
    conversation.refresh_from_db()


def go_on(conversation: Conversation, later: timedelta = timedelta(0)) -> Stage:
    return continue_trial(conversation=conversation, at=conversation.created_at + later)


def test_the_customer_asks_the_ai_then_for_a_person_and_it_rings_in_the_sandbox(project, owner):
    trial = start_trial(project=project, user=owner)
    assert go_on(trial) is Stage.OPENED
    work(trial)
    assert go_on(trial) is Stage.ASKED
    assert go_on(trial) is Stage.ASKED  # asked again, it asks once
    work(trial)

    assert go_on(trial) is Stage.RINGS
    assert Event.objects.filter(conversation=trial, type="customer.message").count() == 2
    handoff = Handoff.objects.get()
    assert (handoff.environment, handoff.trigger, handoff.destination_key) == ("sandbox", "explicit_request", "billing")
    assert open_trial(project=project, user=owner) == trial


def test_an_ai_that_does_not_answer_is_told_of_after_a_while(project, owner):
    trial = start_trial(project=project, user=owner)
    assert go_on(trial, PATIENCE) is Stage.OPENED
    assert go_on(trial, PATIENCE + timedelta(seconds=1)) is Stage.SILENT


def test_with_the_handing_over_switched_off_the_ai_keeps_the_customer(project, owner):
    HandoffSettings.objects.update(is_on=False)
    trial = start_trial(project=project, user=owner)
    work(trial)
    go_on(trial)
    work(trial)
    assert go_on(trial) is Stage.KEPT


@pytest.mark.parametrize("level", [Level.BALANCED, Level.AI_FIRST])
def test_what_is_asked_before_a_transfer_does_not_keep_the_test_from_the_inbox(project, owner, level):
    preset = apply_level(SettingsConfig(), level)
    fields = [{"key": "email", "label": "your e-mail address", "kind": "email", "is_required": True}]
    own = {name: getattr(preset, name) for name in PRESET_FIELDS}
    HandoffSettings.objects.update(collected_fields=fields, **own | {"confirm_before_transfer": True})
    trial = start_trial(project=project, user=owner)
    for _ in range(5):
        work(trial)
        stage = go_on(trial)
    assert stage is Stage.RINGS
    assert Handoff.objects.get().trigger == "explicit_request"


def test_without_a_sandbox_connector_one_is_made_that_lets_nobody_in(project, owner):
    start_trial(project=project, user=owner)
    start_trial(project=project, user=owner)
    made = Connector.objects.get(project=project, environment="sandbox")
    assert (made.is_active, made.hosts) == (False, [])
    assert AuditEntry.objects.get(action="connector.added").user == owner


def test_sending_answers_with_how_far_it_is_and_ends_in_the_inbox(client, owner):
    client.force_login(owner)
    sent = client.post(reverse("first-run-test"), headers={"HX-Request": "true"})
    assert "Robin asks Fern about an order" in sent.text
    trial = Conversation.objects.get()
    work(trial)
    assert "Robin asks for a person" in client.post(reverse("first-run-trial", args=[trial.pk])).text
    work(trial)
    rings = client.post(reverse("first-run-trial", args=[trial.pk]))
    assert rings.headers["HX-Redirect"] == "/inbox/?environment=sandbox&view=waiting"
    assert "Claim your test handoff" in client.get("/").text


def test_nobody_goes_on_with_somebody_elses_test(client, project, owner, agent):
    trial = start_trial(project=project, user=owner)
    client.force_login(agent)
    assert client.post(reverse("first-run-trial", args=[trial.pk])).status_code == 403
