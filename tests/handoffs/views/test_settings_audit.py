"""Every field that can be edited on the settings pages leaves its audit entry, with before and after."""

from dataclasses import dataclass
from typing import Any

import pytest

from conversations.models import AuditEntry, Project, Team
from handoffs.domain.customer_texts import BUILT_IN
from handoffs.forms.collected_data import CollectedDataForm
from handoffs.forms.forbidden_topics import ForbiddenTopicForm
from handoffs.forms.project import ProjectForm
from handoffs.forms.queues import QueueForm
from handoffs.forms.reasons import ReasonForm
from handoffs.forms.triggers import TriggersForm
from handoffs.forms.unanswered import UnansweredForm
from handoffs.models import HandoffSettings
from tests.handoffs.views.settings_forms import listed, send, url_of

FIELD = {"key": "name", "label": "Name", "kind": "text", "is_required": True, "choices": []}
CONTACT = {"kind": "phone", "label": "Call us", "value": "+44 20 7946 0177"}
DONE = {"code": "done", "label": "Done"}
OFF: None = None


@dataclass(frozen=True)
class Edit:
    """One field changed on one page: what is sent, and what the audit then holds."""

    page: str
    field: str
    sent: dict[str, Any]
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.page}: {self.field}"


def edit(page: str, field: str, typed: Any, before: Any, after: Any = ...) -> Edit:
    return Edit(page, field, {field: typed}, before, typed if after is ... else after)


EDITS = [
    edit("settings", "is_on", OFF, True, False),
    edit("settings", "level", 2, 1),
    edit("settings", "on_explicit_request", OFF, True, False),
    edit("settings", "on_frustration", OFF, True, False),
    edit("settings", "on_unproductive", OFF, True, False),
    edit("settings", "on_ai_decision", OFF, True, False),
    edit("settings", "explicit_sensitivity", "low", "normal"),
    edit("settings", "frustration_sensitivity", "low", "high"),
    edit("settings", "unproductive_sensitivity", "normal", "high"),
    edit("settings", "forbidden_sensitivity", "high", "normal"),
    edit("settings", "thresholds", OFF, {"frustration": 0.62}, {}),
    edit("settings", "offer_when_inferred", OFF, True, False),
    edit("settings", "uses_embeddings", OFF, True, False),
    edit("settings", "judge", "own-model", ""),
    edit("settings", "collect_first", "on", False, True),
    edit("settings", "require_problem_statement", "on", False, True),
    edit("settings", "confirm_before_transfer", "on", False, True),
    edit("settings", "tries_before_transfer", 2, 0),
    Edit("collected-data", "collected_fields", listed("collected_fields", [FIELD]), [], [FIELD]),
    edit("unanswered", "default_wait_limit_seconds", "2:30", 300, 150),
    edit("unanswered", "after_timeout", "ai", "message"),
    edit("unanswered", "offer_try_again", OFF, True, False),
    edit("unanswered", "voice_fallback_number", "+44 20 7946 0177", "", "+442079460177"),
    Edit("unanswered", "alternative_contacts", listed("alternative_contacts", [CONTACT]), [], [CONTACT]),
    Edit("unanswered", "texts", {"decline_text": "Sorry."}, {}, {"decline_text": "Sorry."}),
    edit("reason", "label", "Wants a person", "Needs a person"),
    edit("reason", "destination_key", "billing", ""),
    edit("reason", "target_seconds", "2:00", None, 120),
    edit("reason", "is_urgent", "on", False, True),
    edit("forbidden-topic", "name", "Lawyers", "Legal threats"),
    edit("forbidden-topic", "description", "Anything about court", "Anything about lawyers"),
    edit("forbidden-topic", "keywords", "lawyer*\nsue", [], ["lawyer*", "sue"]),
    edit("forbidden-topic", "examples", "I will sue\nMy lawyer", [], ["I will sue", "My lawyer"]),
    edit("forbidden-topic", "destination_key", "billing", ""),
    edit("forbidden-topic", "reason_code", "needs_human", ""),
    edit("forbidden-topic", "utterance", "A colleague takes over.", ""),
    edit("forbidden-topic", "is_on", OFF, True, False),
    edit("queue", "name", "Accounts", "Billing"),
    edit("queue", "is_on", OFF, True, False),
    edit("queue", "target_seconds", "5", 120, 300),
    Edit("queue", "dispositions", listed("dispositions", [DONE]), ..., [DONE]),
    edit("queue", "assignment", "offer", "pull"),
    edit("queue", "offer_seconds", "0:20", 30, 20),
    edit("queue", "wrap_up_seconds", "1:30", 0, 90),
    edit("queue", "priority", "3", 0, 3),
    edit("queue", "is_sticky", OFF, True, False),
    edit("queue", "teams", ..., [], ["First line"]),
    edit("project-settings", "name", "Fernhill", "Fernhill Mobile"),
    edit("project-settings", "ai_name", "Ivy", "Fern"),
    edit("project-settings", "greeting", "Hi.", "Hello, Fern here."),
    edit("project-settings", "time_zone", "Madrid", "UTC", "Europe/Madrid"),
]
FORMS = {
    "settings": TriggersForm,
    "collected-data": CollectedDataForm,
    "unanswered": UnansweredForm,
    "reason": ReasonForm,
    "forbidden-topic": ForbiddenTopicForm,
    "queue": QueueForm,
    "project-settings": ProjectForm,
}
# A reason's code is given once; it is in the entry of its adding.
GIVEN_ONCE = {("reason", "code")}
TEXTS = {("unanswered", "texts")}


@pytest.fixture(autouse=True)
def _tuned(project):
    """What this form can only take back, and whom it can choose."""
    HandoffSettings.objects.filter(project=project).update(thresholds={"frustration": 0.62}, uses_embeddings=True)
    project.connections.create(environment="live", key="own-model", kind="openai_compatible", name="Own model")


@pytest.fixture
def team(project) -> Team:
    return Team.objects.create(project=project, key="first", name="First line")


def test_every_field_of_every_form_is_tried():
    editable = {
        (page, name) for page, form in FORMS.items() for name in (*form._meta.fields, *getattr(form, "rows", {}))
    }
    assert {(one.page, one.field) for one in EDITS} == (editable - GIVEN_ONCE) | TEXTS


@pytest.mark.parametrize("one", EDITS, ids=str)
def test_a_changed_field_is_audited_with_before_and_after(client, owner, project, rows, team, one):
    client.force_login(owner)
    sent = {name: [team.pk] if value is ... else value for name, value in one.sent.items()}
    before = rows["queue"].dispositions if one.before is ... else one.before

    answer = send(client, url_of(one.page, rows.get(one.page)), **sent)

    assert answer.status_code == 302, answer.context["form"].errors
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({one.field: before}, {one.field: one.after})
    assert (entry.user, entry.project) == (owner, project)
    assert entry.action.endswith(".changed")


@pytest.mark.parametrize("page", FORMS)
def test_saving_what_stands_there_writes_nothing(client, owner, rows, page):
    client.force_login(owner)
    assert send(client, url_of(page, rows.get(page))).status_code == 302
    assert not AuditEntry.objects.exists()


def test_built_in_texts_that_are_stored_stay_as_they_are(client, owner, project):
    """A new project stores the built-in words; saving another field changes nothing about them."""
    HandoffSettings.objects.filter(project=project).update(texts=dict(BUILT_IN))
    client.force_login(owner)
    send(client, url_of("unanswered"), decline_text="Sorry.")
    stored = HandoffSettings.objects.get(project=project).texts
    assert stored == {**BUILT_IN, "decline_text": "Sorry."}
    send(client, url_of("unanswered"), decline_text="")
    assert "decline_text" not in HandoffSettings.objects.get(project=project).texts


@pytest.mark.parametrize(
    ("page", "sent", "row"),
    [
        ("reason-add", {"label": "Refund", "code": "refund_request"}, {"code": "refund_request", "label": "Refund"}),
        ("queue-add", {"name": "Night desk", "target_seconds": "1:00"}, {"key": "night-desk", "target_seconds": 60}),
        ("forbidden-topic-add", {"name": "Über uns", "description": "Us"}, {"key": "uber-uns", "name": "Über uns"}),
    ],
)
def test_an_added_row_is_audited_with_all_its_fields(client, owner, project, page, sent, row):
    client.force_login(owner)
    answer = send(client, url_of(page), **sent)
    assert answer.status_code == 302, answer.context["form"].errors
    entry = AuditEntry.objects.get()
    assert entry.action.endswith(".added")
    assert entry.before is None
    assert row.items() <= entry.after.items()


def test_the_audit_names_the_project_by_the_name_it_had(client, owner, project):
    client.force_login(owner)
    send(client, url_of("project-settings"), name="Fernhill")
    assert AuditEntry.objects.get().subject == "Fernhill Mobile"
    assert Project.objects.get(pk=project.pk).name == "Fernhill"
