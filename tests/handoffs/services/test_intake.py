"""What is asked before a transfer, as a customer meets it: real conversations, turns run as the worker runs them."""

import pytest

from conversations.models import Conversation, Event
from handoffs.domain.settings import Level
from handoffs.models import Destination, ForbiddenTopic, Handoff, Intake, Schedule
from handoffs.selectors.explanations import explain_handoff
from handoffs.services.claims import claim_conversation
from handoffs.services.closing import hand_back
from handoffs.services.takeovers import take_over
from tests.handoffs.services.talks import (
    ANSWER,
    COMPLAINT,
    CURSE,
    DEFAULT,
    EMAIL,
    ORDER,
    PASSED_ON,
    QUESTION,
    REQUEST,
)  # fmt: skip


def is_explained(handoff: Handoff) -> bool:
    """Whether its decision, made again from what is stored, comes to the same answer."""
    explanation = explain_handoff(handoff.pk)
    assert not explanation.problem, explanation.problem
    assert explanation.differences == ()
    return explanation.is_same


def test_a_person_is_offered_to_who_is_frustrated_after_the_answer(talk, publish):
    publish()
    assert talk.says(f"{QUESTION} {CURSE}") == [ANSWER, DEFAULT.offer_text]
    assert talk.handoff is None
    asked = Event.objects.filter(type="ai.message").latest("sequence").payload
    assert (asked["kind"], asked["stage"], asked["trigger"]) == ("question", "offer", "frustration")
    assert asked["score"] >= asked["threshold"]


def test_an_answer_that_is_none_is_left_out_before_the_offer(talk, publish):
    publish()
    assert talk.says(CURSE) == [DEFAULT.offer_text]


def test_yes_to_an_offer_hands_over_with_what_fired(talk, publish):
    publish()
    talk.says(CURSE)
    assert talk.says("Yes please") == [PASSED_ON]
    made = talk.handoff
    assert (made.trigger, made.reason, made.state) == ("frustration", "needs_human", "queued")
    assert made.evidence["text"] == CURSE
    assert made.evidence["evidence"]["sentence"].startswith("Frustration")
    assert made.trace["intake"]["passed"] == ["offer", "collect"][:1]
    assert is_explained(made)
    assert Intake.objects.get().stage == ""


def test_no_to_an_offer_is_taken_for_one(talk, publish):
    publish()
    talk.says(CURSE)
    assert talk.says("No thanks") == [DEFAULT.declined_offer_text]
    assert talk.handoff is None


def test_no_and_a_question_gets_its_answer_too(talk, publish):
    publish()
    talk.says(CURSE)
    assert talk.says(f"No, {QUESTION}") == [f"{DEFAULT.declined_offer_text}\n\n{ANSWER}"]
    assert talk.says(QUESTION)[0] == ANSWER


def test_an_ai_that_decides_to_hand_over_asks_nobody_who_has_just_said_no(talk, publish):
    publish(confirm_before_transfer=True)
    assert talk.says(REQUEST) == [DEFAULT.confirm_text]
    assert DEFAULT.confirm_text not in talk.says("No. I want to complain about your terrible service")
    assert list(Intake.objects.get().declined) == ["explicit_request"]


def test_anything_else_is_answered_and_the_offer_lapses(talk, publish):
    publish()
    talk.says(CURSE)
    assert talk.says(QUESTION) == [ANSWER]
    assert talk.says("Yes please") != [PASSED_ON]
    assert talk.handoff is None


def test_an_offer_is_not_repeated_to_who_declined_within_four_messages(talk, publish):
    publish()
    talk.says(CURSE)
    talk.says("No thanks")
    for _ in range(4):
        assert DEFAULT.offer_text not in talk.says(CURSE)
    assert DEFAULT.offer_text in talk.says(CURSE)


def test_something_stronger_is_heard_all_the_same(talk, publish):
    publish()
    talk.says(CURSE)
    talk.says("No thanks")
    assert talk.says(REQUEST) == [PASSED_ON]
    assert talk.handoff.trigger == "explicit_request"


def test_where_nothing_is_offered_frustration_hands_over_at_once(talk, publish):
    publish(offer_when_inferred=False)
    assert talk.says(CURSE) == [PASSED_ON]
    assert talk.handoff.trigger == "frustration"
    assert is_explained(talk.handoff)


def test_turns_that_lead_nowhere_offer_a_person(talk, publish):
    publish()
    talk.says("Tell me a joke about penguins")
    talk.says("What is the capital of Peru?")
    assert talk.says("Sing me a song of the sea") == [DEFAULT.offer_text]
    talk.says("yes")
    made = talk.handoff
    assert (made.trigger, made.evidence["evidence"]["rule"]) == ("unproductive", "not_understood")
    assert made.evidence["evidence"]["sequences"]
    assert is_explained(made)


def test_an_answer_at_last_offers_nobody(talk, publish):
    publish()
    talk.says("Tell me a joke about penguins")
    talk.says("What is the capital of Peru?")
    assert talk.says(QUESTION) == [ANSWER]


def test_a_handoff_that_came_back_does_not_fire_on_what_was_said_before(talk, publish, agent, now):
    publish(offer_when_inferred=False)
    talk.says(CURSE)
    claimed = claim_conversation(conversation_id=talk.conversation.id, agent=agent, at=now)
    talk.cast.customer_says(talk.conversation, CURSE)
    hand_back(conversation_id=talk.conversation.id, agent=agent, epoch=claimed.epoch, note="", at=now)
    assert talk.says(QUESTION) == [ANSWER]
    assert Handoff.objects.count() == 1


@pytest.mark.parametrize("said", ["Yes", "yes please", "Sure, " + REQUEST])
def test_a_request_is_confirmed_where_the_settings_say_so(talk, publish, said):
    publish(confirm_before_transfer=True)
    assert talk.says(REQUEST) == [DEFAULT.confirm_text]
    assert talk.handoff is None
    assert talk.says(said) == [PASSED_ON]
    assert talk.handoff.evidence["text"] == REQUEST


def test_an_unclear_answer_is_asked_once_more_and_then_let_go(talk, publish):
    publish(confirm_before_transfer=True)
    talk.says(REQUEST)
    assert talk.says("What is the weather?") == [DEFAULT.confirm_text]
    assert talk.says(QUESTION) == [ANSWER]
    assert Intake.objects.get().stage == ""


def test_whoever_does_not_confirm_stays_and_can_ask_again(talk, publish):
    publish(confirm_before_transfer=True)
    talk.says(REQUEST)
    assert talk.says("no") == [DEFAULT.declined_offer_text]
    assert talk.says(REQUEST) == [DEFAULT.confirm_text]


def test_a_topics_action_is_confirmed_too_and_not_asked_again_after_a_no(talk, publish):
    publish(confirm_before_transfer=True)
    assert talk.says(COMPLAINT) == ["I'm sorry about that.", DEFAULT.confirm_text]
    assert talk.says("no") == [DEFAULT.declined_offer_text]
    assert talk.says(COMPLAINT) == ["I'm sorry about that."]


def test_yes_to_a_topics_confirmation_goes_to_the_topics_destination(talk, publish):
    publish(confirm_before_transfer=True)
    talk.says(COMPLAINT)
    assert talk.says("yes") == ["I'm passing you to our complaints team."]
    assert (talk.handoff.trigger, talk.handoff.reason) == ("topic_action", "complaint")
    assert is_explained(talk.handoff)


def test_the_problem_is_asked_for_once_and_reaches_the_person(talk, publish):
    publish(require_problem_statement=True)
    assert talk.says(REQUEST) == [DEFAULT.problem_text]
    assert talk.says("My parcel arrived broken") == [PASSED_ON]
    assert talk.handoff.data == {"problem_statement": "My parcel arrived broken"}
    assert Event.objects.get(type="state.changed").payload["changes"] == talk.handoff.data


def test_a_request_that_says_what_it_is_about_is_not_asked(talk, publish):
    publish(require_problem_statement=True)
    said = "My parcel arrived broken, can I talk to a real person please"
    assert talk.says(said) == [PASSED_ON]
    assert talk.handoff.data == {"problem_statement": said}


def test_the_ai_tries_first_and_hands_over_when_asked_again(talk, publish):
    publish(tries_before_transfer=1)
    assert talk.says(f"{QUESTION} {REQUEST}") == [f"{DEFAULT.try_text}\n\n{ANSWER}"]
    assert talk.says(QUESTION) == [ANSWER]
    assert talk.says(REQUEST) == [PASSED_ON]
    assert talk.handoff.trace["intake"]["tries"] == 1
    assert is_explained(talk.handoff)


def test_a_try_without_an_answer_is_over_at_once(talk, publish):
    publish(tries_before_transfer=1)
    assert talk.says(REQUEST) == [PASSED_ON]


def test_a_try_is_not_told_bit_by_bit_so_that_none_is_over_at_once_too(talk, publish):
    publish(tries_before_transfer=1)
    Conversation.objects.filter(pk=talk.conversation.pk).update(options={"streaming_enabled": True})
    assert talk.says(REQUEST) == [PASSED_ON]


def test_an_outburst_is_no_statement_of_a_problem(talk, publish):
    problem = {"key": "problem_statement", "label": "what it is about", "kind": "long_text", "is_required": True}
    publish(collect_first=True, collected_fields=[problem])
    talk.says(CURSE)
    assert talk.says("Yes please") == [DEFAULT.collect_text.format(field="what it is about")]
    talk.says("My parcel arrived broken")
    assert talk.handoff.data == {"problem_statement": "My parcel arrived broken"}


def test_data_is_collected_one_question_at_a_time(talk, publish):
    publish(collect_first=True, collected_fields=[EMAIL, ORDER])
    assert talk.says(REQUEST) == [DEFAULT.collect_text.format(field="your e-mail address")]
    assert talk.says("ada at example") == [
        "That doesn't look right. Write an e-mail address, such as name@example.com."
    ]
    optional = "your order number (or write “skip”)"
    assert talk.says("It is ada@example.com") == [DEFAULT.collect_text.format(field=optional)]
    assert talk.says("7741") == [PASSED_ON]
    assert talk.handoff.data == {"email": "ada@example.com", "order_number": "7741"}
    assert talk.conversation.state == talk.handoff.data
    assert is_explained(talk.handoff)


def test_what_was_said_already_is_not_asked_for(talk, publish):
    publish(collect_first=True, collected_fields=[EMAIL, ORDER])
    talk.says("I am ada@example.com")
    assert talk.says(f"About my order 7741-A: {REQUEST}") == [PASSED_ON]
    assert talk.handoff.data == {"email": "ada@example.com", "order_number": "7741-A"}


def test_wrong_twice_is_passed_on_without_it_and_the_trace_says_so(talk, publish):
    publish(collect_first=True, collected_fields=[EMAIL])
    talk.says(REQUEST)
    talk.says("none of your business")
    assert talk.says("still not telling") == [PASSED_ON]
    assert talk.handoff.trace["intake"]["left_out"] == ["email"]


@pytest.mark.parametrize("word", ["skip", "Überspringen", "omitir", "passer", "saltare", "pular", "overslaan"])
def test_an_optional_question_can_be_skipped(talk, publish, word):
    publish(collect_first=True, collected_fields=[ORDER])
    talk.says(REQUEST)
    assert talk.says(word) == [PASSED_ON]
    assert talk.handoff.trace["intake"]["skipped"] == ["order_number"]


def test_who_asks_again_while_being_asked_is_handed_over_with_what_there_is(talk, publish):
    publish(collect_first=True, collected_fields=[ORDER, EMAIL])
    talk.says(REQUEST)
    talk.says("7741")
    assert talk.says("Just give me a human") == [PASSED_ON]
    assert talk.handoff.data == {"order_number": "7741"}
    assert talk.handoff.trace["intake"]["cut_short"] is True


def test_what_the_destination_requires_is_asked_for_beside_the_fields(talk, publish, project):
    Destination.objects.filter(project=project).update(required_fields=["order_number", "plan_id"])
    publish(collect_first=True, collected_fields=[ORDER])
    assert talk.says(REQUEST) == [DEFAULT.collect_text.format(field="your order number")]
    assert talk.says("7741") == [DEFAULT.collect_text.format(field="plan id")]
    talk.says("gold")
    assert talk.handoff.context["missing"] == []


def test_level_three_asks_tries_and_collects(talk, publish):
    publish(level=Level.AI_FIRST, collected_fields=[EMAIL])
    assert talk.says(REQUEST) == [DEFAULT.problem_text]
    assert talk.says(QUESTION) == [f"{DEFAULT.try_text}\n\n{ANSWER}"]
    assert talk.says(REQUEST) == [DEFAULT.collect_text.format(field="your e-mail address")]
    assert talk.says("ada@example.com") == [PASSED_ON]
    assert talk.handoff.data == {"problem_statement": QUESTION, "email": "ada@example.com"}
    assert talk.handoff.trace["intake"]["passed"] == ["problem", "try", "collect"]
    assert is_explained(talk.handoff)


def test_nobody_is_asked_anything_while_the_desk_is_closed(talk, publish, project):
    Schedule.objects.create(project=project, key="shut", name="Shut", time_zone="UTC")
    project.destinations.update(schedule_key="shut", out_of_hours="ai")
    publish(level=Level.AI_FIRST, collected_fields=[EMAIL])
    said = talk.says(REQUEST)
    assert said == ["Our team is not there right now. People are back later. I'm glad to help until then."]
    assert (talk.handoff, Intake.objects.filter(stage__gt="").exists()) == (None, False)


def test_who_was_told_that_the_desk_is_closed_is_not_told_again_for_each_curse(talk, publish, project):
    Schedule.objects.create(project=project, key="shut", name="Shut", time_zone="UTC")
    project.destinations.update(schedule_key="shut", out_of_hours="ai")
    publish()
    assert any("People are back" in text for text in talk.says(CURSE))
    assert not any("People are back" in text for text in talk.says(CURSE))


def test_an_agents_takeover_ends_what_is_being_asked(talk, publish, agent, now):
    publish(collect_first=True, collected_fields=[EMAIL])
    talk.says(REQUEST)
    taken = take_over(conversation_id=talk.conversation.id, agent=agent, at=now, may_take_from=True)
    hand_back(conversation_id=talk.conversation.id, agent=agent, epoch=taken.epoch, note="", at=now)
    assert talk.says(QUESTION) == [ANSWER]


def test_a_forbidden_topic_goes_ahead_of_a_question(talk, publish, project):
    ForbiddenTopic.objects.create(
        project=project, key="legal", name="Legal threats", description="Going to court", keywords=["lawsuit"],
        utterance="Our legal team answers that.", reason_code="policy_violation",
    )  # fmt: skip
    publish(collect_first=True, collected_fields=[EMAIL])
    talk.says(REQUEST)
    assert talk.says("I will file a lawsuit") == ["Our legal team answers that."]
    assert (talk.handoff.trigger, talk.handoff.reason) == ("forbidden_topic", "policy_violation")
    assert Intake.objects.get().stage == ""


def test_a_turn_that_is_run_again_asks_once(talk, publish):
    publish(collect_first=True, collected_fields=[EMAIL])
    talk.says(REQUEST)
    before = Event.objects.count()
    talk.run()
    assert Event.objects.count() == before
    assert Intake.objects.get().progress["asked"] == 1
