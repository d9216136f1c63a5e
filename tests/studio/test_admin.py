"""Django's admin over all three apps: everything is there, what happened cannot be touched, no secret is shown."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.domain.vocabulary import DeadlineKind, DraftMode, Verdict
from conversations.models import (
    ApiKey,
    Conversation,
    Customer,
    CustomerIdentity,
    Deadline,
    IdempotencyKey,
    Invitation,
    Membership,
    Team,
    User,
)
from conversations.models.ids import new_id
from conversations.services.api_keys import create_personal_token, find_api_key
from conversations.services.outcomes import OutcomeFacts
from conversations.services.replies import add_note, keep_draft
from conversations.services.reviews import give_verdict
from conversations.services.sessions import open_session
from handoffs.models import (
    DestinationTest,
    ForbiddenTopic,
    Handoff,
    Intake,
    Line,
    Offer,
    Queue,
    Reason,
    Schedule,
    TurnLease,
)
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import close_conversation
from handoffs.services.presence import set_presence
from integrations.domain.signing import new_secret
from integrations.models import Connection, Delivery, InboundCall, Sealed, WebhookEndpoint

APPS = ("conversations", "handoffs", "integrations")
MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
# What can only be read: nobody adds, changes or deletes it by hand.
HAPPENED = {
    *("AuditEntry", "Conversation", "CustomerIdentity", "Draft", "Event", "Outcome", "Annotation", "ApiKey"),
    *(
        "OutboxEntry",
        "Deadline",
        "TurnLease",
        "Intake",
        "Handoff",
        "QueueEntry",
        "Release",
        "Snapshot",
        "Delivery",
        "InboundCall",
        "DestinationTest",
        "Invitation",
        "Offer",
        "Assignment",
        "IdempotencyKey",
    ),
}
OUTCOME = OutcomeFacts(code="refund_issued", resolved=True)


@pytest.fixture
def page(client, db):
    """A superuser's browser."""
    client.force_login(User.objects.create_superuser("root@example.com", full_name="Root"))
    return client


@pytest.fixture
def happen(release, connector, agent, reviewer, cast):
    """Let something of everything happen: a closed, judged conversation with all that hangs on one."""

    def make() -> Conversation:
        at = timezone.now()
        conversation = open_session(connector=connector, options={})
        cast.customer_says(conversation, "Where is my refund?")
        cast.hand_off(conversation)
        epoch = claim_conversation(conversation_id=conversation.id, agent=agent, at=at).epoch
        add_note(conversation_id=conversation.id, author=agent, text="Checked the order", client_id=None)
        close_conversation(conversation_id=conversation.id, agent=agent, epoch=epoch, facts=OUTCOME, at=at)
        conversation.refresh_from_db()
        give_verdict(conversation=conversation, verdict=Verdict.NEEDED, comment="", reviewer=reviewer)
        keep_draft(conversation_id=conversation.id, user=agent, mode=DraftMode.REPLY, text="One mo")
        TurnLease.objects.create(conversation=conversation)
        Intake.objects.create(conversation=conversation, stage="offer")
        Deadline.objects.create(conversation=conversation, kind=DeadlineKind.IDLE, subject_id=new_id(), due_at=at)
        CustomerIdentity.objects.create(
            customer=conversation.customer,
            project=conversation.project,
            environment="live",
            channel="email",
            address=f"{conversation.id}@example.com",
        )
        create_personal_token(user=agent, name="Laptop")
        _offer(conversation, agent, at)
        IdempotencyKey.objects.create(scope="test", key=str(conversation.id), created_at=at, expires_at=at)
        _configure(conversation.project, agent, str(conversation.id), at)
        _integrate(conversation, at)
        return conversation

    return make


def _offer(conversation, agent, at):
    handoff = Handoff.objects.get(conversation=conversation)
    Offer.objects.create(
        handoff=handoff, conversation=conversation, project=conversation.project, agent=agent, state="declined",
        channel="web_chat", offered_at=at, expires_at=at, ended_at=at,
    )  # fmt: skip


def _configure(project, agent, name, at):
    ForbiddenTopic.objects.create(project=project, key=name, name=name, description="Lawyers and courts")
    Schedule.objects.create(project=project, key=name, name=name, time_zone="Europe/London")
    Line.objects.create(project=project, environment="live", key=name, name=name)
    Reason.objects.create(project=project, code=name, label=name)
    DestinationTest.objects.create(
        project=project, destination_key="billing", passed=True, summary="Arrived", snapshot_hash="0" * 64,
        tested_by=agent, tested_at=at,
    )  # fmt: skip
    Invitation.objects.create(
        project=project, email=f"{name}@example.com", digest=name, invited_by=agent, expires_at=at + timedelta(days=7)
    )


def _integrate(conversation, at):
    name, project = f"crm-{conversation.id}", conversation.project
    crm = Connection.objects.create(project=project, environment="live", key=name, kind="http", name=name)
    InboundCall.objects.create(
        connection=crm, external_id="1", body=b"{}", received_at=at, expires_at=at + timedelta(days=7)
    )
    endpoint = WebhookEndpoint.objects.create(
        project=project, environment="live", name=name, url="https://crm.example/", secret=Sealed.of(new_secret())
    )
    Delivery.objects.create(
        endpoint=endpoint, event="outcome.recorded", event_id=new_id(), body={}, ordering_key="k", next_attempt_at=at
    )


@pytest.fixture
def everything(happen, project, agent):
    conversation = happen()
    set_presence(user=agent, project=project, state="ready", at=timezone.now())
    team = Team.objects.create(project=project, key="care", name="Care")
    team.members.add(agent)
    Queue.objects.get(project=project).teams.add(team)
    return conversation


def list_url(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def row_url(model, verb="change"):
    newest = model._default_manager.order_by("-pk").first()
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}", args=[newest.pk])


def queries_of(page, model):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page.get(list_url(model))
    return len(queries)


def test_every_model_is_registered():
    assert [model.__name__ for model in MODELS if not admin.site.is_registered(model)] == []


def test_every_list_and_every_page_opens(page, everything):
    urls = [url for model in MODELS for url in (list_url(model), row_url(model))]
    assert {url: page.get(url).status_code for url in urls} == dict.fromkeys(urls, 200)


def test_what_happened_cannot_be_added_changed_or_deleted(page, everything):
    kept = [model for model in MODELS if model.__name__ in HAPPENED]
    assert {model.__name__ for model in kept} == HAPPENED
    for model in kept:
        before = list(model._default_manager.order_by("pk").values_list())
        add = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        urls = (add, row_url(model), row_url(model, "delete"))
        assert [page.post(url, {"post": "yes"}).status_code for url in urls] == [403, 403, 403], model
        assert list(model._default_manager.order_by("pk").values_list()) == before


def test_a_longer_list_takes_no_more_queries(page, everything, happen):
    few = {model.__name__: queries_of(page, model) for model in MODELS}
    for _ in range(3):
        happen()
    assert {model.__name__: queries_of(page, model) for model in MODELS} == few


def test_a_conversation_page_shows_its_timeline(page, everything):
    shown = page.get(row_url(Conversation)).content.decode()
    for text in (
        "Where is my refund?",
        "note.added",
        "Maya Okafor",
        "Checked the order",
        "outcome.recorded",
        "session.ended",
    ):
        assert text in shown


def test_a_customers_words_cannot_become_markup(page, everything, cast, connector):
    cast.customer_says(open_session(connector=connector, options={}), "<script>alert(1)</script>")
    shown = page.get(row_url(Conversation)).content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


@pytest.mark.parametrize("term", ["nonsense", "'; drop table event", "\u202e", "0" * 200])
def test_a_search_for_no_id_finds_nothing(page, everything, term):
    searched = [model for model in MODELS if hasattr(admin.site.get_model_admin(model), "conversation_field")]
    assert len(searched) == 13
    for model in searched:
        answer = page.get(list_url(model), {"q": term})
        assert (answer.status_code, answer.context["cl"].result_count) == (200, 0), model


def test_a_conversation_and_what_hangs_on_it_are_found_by_its_id(page, everything, happen):
    happen()
    for name in ("Conversation", "Handoff", "QueueEntry", "Draft", "Outcome"):
        model = next(model for model in MODELS if model.__name__ == name)
        found = page.get(list_url(model), {"q": str(everything.id)}).context["cl"].queryset
        assert [getattr(row, "conversation_id", row.pk) for row in found] == [everything.id]


def test_a_conversation_is_found_by_its_shared_id_and_its_customers_name(page, everything):
    Conversation.objects.filter(pk=everything.id).update(shared_id="call-7")
    Customer.objects.filter(pk=everything.customer_id).update(name="Hannah Lind")
    for term in ("CALL-7", "hannah lind", "\x00Hannah Lind"):
        assert list(page.get(list_url(Conversation), {"q": term}).context["cl"].queryset) == [everything]


def test_no_page_shows_the_digest_of_a_key_or_of_a_password(page, everything, agent):
    key = ApiKey.objects.get(user=agent)
    for url in (list_url(ApiKey), row_url(ApiKey), reverse("admin:conversations_user_change", args=[agent.pk])):
        shown = page.get(url).content.decode()
        assert key.digest not in shown
        assert agent.password not in shown
        assert agent.password.rpartition("$")[2][:6] not in shown


def test_keys_are_revoked_from_the_list(page, agent):
    key, text = create_personal_token(user=agent, name="Laptop")
    page.post(list_url(ApiKey), {"action": "revoke", "_selected_action": [str(key.pk)]})
    assert find_api_key(text, at=timezone.now()) is None


def test_a_person_is_added_by_e_mail_in_lower_case(page, project):
    form = {
        "email": "New.Person@Example.com",
        "full_name": "New Person",
        "usable_password": "true",
        "password1": "a long enough phrase",
        "password2": "a long enough phrase",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert page.post(reverse("admin:conversations_user_add"), form).status_code == 302
    person = User.objects.get(email="new.person@example.com")
    assert person.check_password("a long enough phrase")
    refused = page.post(reverse("admin:conversations_user_add"), {**form, "email": "NEW.person@example.com"})
    assert "already exists" in refused.content.decode()


def test_a_new_password_is_set_on_its_own_page_and_a_person_is_never_deleted(page, agent):
    new = {"usable_password": "true", "password1": "another long phrase", "password2": "another long phrase"}
    assert page.post(reverse("admin:auth_user_password_change", args=[agent.pk]), new).status_code == 302
    agent.refresh_from_db()
    assert agent.check_password("another long phrase")
    assert page.post(reverse("admin:conversations_user_delete", args=[agent.pk]), {"post": "yes"}).status_code == 403
    assert Membership.objects.filter(user=agent).exists()


def test_an_agent_does_not_get_in(client, agent):
    client.force_login(agent)
    assert client.get(list_url(Conversation)).status_code == 302
