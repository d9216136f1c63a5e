"""Trying a message, a transcript, a conversation and a topic: what is shown, what is refused, and that nothing is
stored."""

import re

import pytest
from django.urls import reverse

from conversations.domain.vocabulary import Role
from conversations.models import AuditEntry, Conversation, Event
from handoffs.models import ForbiddenTopic, Handoff, HandoffSettings
from tests.conftest import member

URL, TRY = "/settings/test/", "/settings/forbidden-topics/try/"
ASKS = "I want to speak to a person"


def tried(client, **sent):
    return client.post(URL, {"what": next(iter(sent)), **sent}, headers={"HX-Request": "true"})


def plans(answer, place=0):
    message = answer.context["rehearsed"][place]
    return {plan.name or "saved": plan.following.reaches for plan in message.plans}


# A message --------------------------------------------------------------


def test_a_message_is_shown_with_its_scores_its_evidence_and_what_would_follow(as_owner):
    answer = tried(as_owner, message=f"Hello. {ASKS}, now.")
    page = answer.content.decode()
    assert "It fires" in page
    assert "<mark>" in page
    assert "The AI declines kindly and goes on" in page
    assert plans(answer) == {"saved": True, "AI only": False, "Quick": True, "Balanced": True, "AI first": True}
    bars = {bar.name: bar for bar in answer.context["rehearsed"][0].bars}
    assert bars["Asks for a person"].fired
    assert [mark.name for mark in bars["Asks for a person"].marks if mark.is_chosen]
    assert 'style="' not in page


def test_a_calm_message_fires_nothing(as_owner):
    answer = tried(as_owner, message="How long does delivery take?")
    assert "Nothing fires" in answer.content.decode()
    assert not any(plans(answer).values())


def test_an_own_threshold_is_a_mark_of_its_own(as_owner, project):
    HandoffSettings.objects.update(thresholds={"frustration": 0.01})
    [bar] = [one for one in tried(as_owner, message="You are useless").context["rehearsed"][0].bars
             if one.name == "Frustration"]  # fmt: skip
    assert [mark.name for mark in bar.marks if mark.is_chosen] == ["Own"]


def test_the_settings_as_saved_are_those_of_the_working_copy(as_owner, release, project):
    HandoffSettings.objects.filter(project=project).update(is_on=False)
    assert plans(tried(as_owner, message=ASKS))["saved"] is False


def test_without_scripts_the_whole_page_answers(as_owner):
    page = as_owner.post(URL, {"what": "message", "message": ASKS}).content.decode()
    assert "<h1>" in page
    assert "It fires" in page


def test_nothing_is_stored(as_owner, conversation, cast):
    cast.customer_says(conversation, ASKS)
    before = (Event.objects.count(), Conversation.objects.get().last_sequence)
    tried(as_owner, message=ASKS)
    tried(as_owner, conversation=str(conversation.pk))
    assert (Event.objects.count(), Conversation.objects.get().last_sequence) == before
    assert not Handoff.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="handoff_settings").exists()


# A transcript -----------------------------------------------------------


def test_a_transcript_is_shown_message_by_message_with_the_course_of_its_scores(as_owner):
    answer = tried(as_owner, transcript=f"Customer: Where is it?\nAI: Two days.\nCustomer: {ASKS}\nAgent: Maya.")
    page = answer.content.decode()
    assert "1 of 2 customer messages fire" in page
    assert '<a href="#message-3">Message 3</a>' in page
    [row] = [one for one in answer.context["course"] if one.name == "Asks for a person"]
    assert [column.fired for column in row.columns] == [False, True]
    assert 'aria-label="Asks for a person: fires at message 3"' in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"message": ""}, "Write a message first"),
        ({"message": " \n "}, "Write a message first"),
        ({"message": "x" * 4_001}, "4000 characters at most"),
        ({"message": "a\0b"}, "Null characters are not allowed"),
        ({"transcript": ""}, "Paste a transcript first"),
        ({"transcript": "Hello\nCustomer: hi"}, "Line 1 does not say who speaks"),
        ({"transcript": "AI: Hello"}, "No line begins with Customer:"),
        ({"transcript": "Customer: hi\n" * 201}, "200 messages at most"),
        ({"transcript": "Customer: " + "x" * 60_000}, "60000 characters at most"),
        ({"conversation": ""}, "Paste the conversation&#x27;s id first"),
        ({"conversation": "4711"}, "This is no id of a conversation"),
        ({"conversation": "01a1ff88-be6e-77b2-af4b-832f64ba9782"}, "No conversation of this project has this id"),
        ({"poem": "x"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(as_owner, sent, words):
    answer = tried(as_owner, **sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    whole = as_owner.post(URL, {"what": next(iter(sent)), **sent})
    assert whole.status_code == 422
    assert words in whole.content.decode()


# A conversation ---------------------------------------------------------


def test_a_conversation_is_looked_at_up_to_its_person(as_owner, claimed, cast):
    answer = as_owner.get(URL, {"conversation": str(claimed.pk)})
    assert answer.status_code == 422
    assert "The customer wrote nothing to the AI in it" in answer.content.decode()


def test_a_conversation_is_chosen_by_a_link(as_owner, conversation, cast):
    cast.customer_says(conversation, ASKS)
    cast.hand_off(conversation)
    cast.customer_says(conversation, "Are you there? I want a person")
    answer = as_owner.get(URL, {"conversation": str(conversation.pk)})
    assert answer.context["heard"] == 1
    page = answer.content.decode()
    assert "to a person, not looked at" in page
    assert str(conversation.pk) in page
    # What was looked at is no news for the page to tell.
    assert list(answer.context["messages"]) == []
    assert "ShownMessage" not in page


def test_another_projects_conversation_is_as_absent_as_none(client, outsider, conversation, cast):
    cast.customer_says(conversation, ASKS)
    client.force_login(outsider)
    answer = tried(client, conversation=str(conversation.pk))
    assert "No conversation of this project has this id" in answer.content.decode()
    assert ASKS not in answer.content.decode()


def test_a_conversation_of_another_of_ones_own_projects_is_not_this_ones(as_owner, owner, account, conversation):
    other = type(conversation.project).objects.create(account=account, name="Other")
    other.memberships.create(user=owner, role="owner")
    answer = as_owner.post(URL, {"project": str(other.pk), "what": "conversation", "conversation": conversation.pk})
    assert "No conversation of this project has this id" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER, Role.DEVELOPER, Role.SUPERVISOR])
def test_only_who_edits_settings_tests_them(client, project, role):
    client.force_login(member(project, role, "Nora Person"))
    assert client.get(URL).status_code == client.post(TRY).status_code == 403


# A topic being written ---------------------------------------------------


def topic(client, **sent):
    return client.post(TRY, {"name": "Legal threats", "description": "Court", **sent})


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"keywords": "lawyer*", "sentence": "My LAWYERS will write"}, "Match"),
        ({"keywords": "lawyer*", "sentence": "How long does delivery take?"}, "No match"),
        ({"keywords": "sue", "examples": "I will sue\nsee you in court\nmy lawyer"}, "3 of 5 phrases"),
        ({"keywords": "sue"}, "its keywords only are found"),
        ({}, "Nothing to recognise it by"),
    ],
)
def test_a_topic_says_what_it_still_needs_and_whether_a_sentence_matches(as_owner, sent, words):
    answer = topic(as_owner, **sent)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not ForbiddenTopic.objects.exists()


@pytest.mark.parametrize("sent", [{"keywords": "x" * 81}, {"examples": "\n".join(map(str, range(51)))}])
def test_a_topic_that_is_too_long_says_so(as_owner, sent):
    answer = topic(as_owner, **sent)
    assert answer.status_code == 422
    assert "at most" in answer.content.decode()


def test_the_form_of_a_topic_shows_its_meter_at_once(as_owner, rows):
    page = as_owner.get(reverse("forbidden-topic", args=[rows["forbidden-topic"].pk])).content.decode()
    assert "Nothing to recognise it by" in page
    ForbiddenTopic.objects.update(examples=["I will sue you"])
    page = as_owner.get(reverse("forbidden-topic", args=[rows["forbidden-topic"].pk])).content.decode()
    assert "1 of 5 phrases" in page


def test_the_list_warns_of_a_topic_that_nothing_is_recognised_by(as_owner, rows):
    assert "Nothing to recognise it by" in as_owner.get(reverse("forbidden-topics")).content.decode()


# Languages --------------------------------------------------------------


def test_languages_that_are_not_measured_say_so(as_owner):
    page = as_owner.get(URL).content.decode()
    assert page.count('<th scope="row">') == 7
    assert page.count("Not measured") >= 6


def test_what_was_measured_is_told_in_whole_percent(as_owner):
    page = as_owner.get(URL).content.decode()
    assert re.search(r"Requests for a person: of \d+ among \d+ messages \d+ % were found", page)
    assert re.search(r"Frustration: of \d+ frustrated ones among \d+ messages \d+ % were found", page)
