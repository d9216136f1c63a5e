"""Level by trigger by switches: what is said and done, through a real conversation with real detectors."""

from dataclasses import dataclass

import pytest

from conversations.models import Event
from handoffs.domain.expectations import Situation, Step, expect
from handoffs.domain.settings import Level, SettingsConfig
from handoffs.models import ForbiddenTopic, Handoff
from handoffs.selectors.dialogues import read_dialogue
from handoffs.selectors.explanations import explain_handoff
from handoffs.selectors.working_copy import read_working_copy
from tests.handoffs.services.talks import ANSWER, COMPLAINT, CURSE, DEFAULT, EMAIL, QUESTION, REQUEST

COURT = "I will take you to court"
COLLECTS = DEFAULT.collect_text.format(field=EMAIL["label"])
LOST = ("Tell me a joke about penguins", "What is the capital of Peru?", "Sing me a song of the sea", "Blue or green?")


@dataclass(frozen=True)
class Case:
    """What a customer says to meet a situation; the last one is looked at. utterance: the AI's before a person."""

    situation: Situation
    says: tuple[str, ...]
    trigger: str
    utterance: str = DEFAULT.request_utterance


CASES = (
    Case(Situation.ASKS, (REQUEST,), "explicit_request"),
    Case(Situation.FRUSTRATED, (CURSE,), "frustration"),
    Case(Situation.NOWHERE, (*LOST, "Paint me a house"), "unproductive"),
    Case(Situation.AI_DECIDES, (COMPLAINT,), "topic_action", "I'm passing you to our complaints team."),
    Case(Situation.FORBIDDEN, (COURT,), "forbidden_topic", "Our legal team answers that."),
)
SWITCH = {
    Situation.ASKS: "on_explicit_request",
    Situation.FRUSTRATED: "on_frustration",
    Situation.NOWHERE: "on_unproductive",
    Situation.AI_DECIDES: "on_ai_decision",
}
SAID = {
    Step.OFFERS: DEFAULT.offer_text,
    Step.CONFIRMS: DEFAULT.confirm_text,
    Step.ASKS_PROBLEM: DEFAULT.problem_text,
    Step.COLLECTS: COLLECTS,
    Step.DECLINES: DEFAULT.decline_text,
}
# Beside every level as it is: what else is set, at the quick one; the last is the situation's own switch.
OWN = (
    {"is_on": False},
    {"confirm_before_transfer": True},
    {"offer_when_inferred": False},
    {"offer_when_inferred": False, "confirm_before_transfer": True},
)


def rows():
    for case in CASES:
        switch = [{SWITCH[case.situation]: False}] if case.situation in SWITCH else []
        for level, own in [*((level, {}) for level in Level), *((Level.QUICK, own) for own in (*OWN, *switch))]:
            yield pytest.param(level, own, case, id=f"{case.situation}-{level}-{'-'.join(own)}")


@pytest.fixture
def legal(project):
    ForbiddenTopic.objects.create(
        project=project, key="legal", name="Legal threats", description="Going to court", keywords=["court"],
        utterance="Our legal team answers that.", reason_code="policy_violation", destination_key="billing",
    )  # fmt: skip


def first_words(case: Case, steps: tuple[Step, ...]) -> str:
    """What the AI's turn ends with."""
    step = steps[0]
    if step in (Step.TRANSFERS, Step.TRANSFERS_IN_SILENCE, Step.FIXED_TEXT):
        return case.utterance
    return SAID.get(step, "")


@pytest.mark.parametrize(("level", "own", "case"), rows())
def test_what_the_settings_page_says_is_what_happens(talk, publish, legal, project, level, own, case):
    publish(level=level, collected_fields=[EMAIL], **own)
    settings: SettingsConfig = read_working_copy(project=project).settings
    steps = next(one.steps for one in expect(settings) if one.situation is case.situation)
    for said in case.says:
        talk.says(said)
    expected = first_words(case, steps)
    assert not expected or expected in talk.since(0)
    transfers = len(steps) == 1 and steps[0] in (Step.TRANSFERS, Step.TRANSFERS_IN_SILENCE)
    made = Handoff.objects.first()
    assert (made is not None) == transfers
    if made:
        assert made.trigger == case.trigger
        assert explain_handoff(made.pk).is_same
    elif steps == (Step.GOES_ON,):
        assert not Event.objects.filter(type="ai.message", payload__trigger=case.trigger).exists()


def test_a_forbidden_topic_is_never_left_to_the_ai(talk, publish, legal):
    """Even where the question beside it has an answer."""
    publish(is_on=False)
    assert talk.says(f"{QUESTION} {COURT}") == ["Our legal team answers that."]
    assert not Event.objects.filter(payload__text=ANSWER).exists()
    assert Event.objects.get(type="ai.message").payload["kind"] == "forbidden"


def test_what_was_forbidden_is_not_shown_to_who_answers_the_next_message(talk, publish, legal):
    publish(is_on=False)
    talk.says(QUESTION)
    talk.says(COURT)
    talk.says("And?")
    texts = [text for role, text in read_dialogue(talk.conversation.pk) if role == "customer"]
    assert texts == [QUESTION, "And?"]


def test_of_everything_that_fires_the_strongest_acts_and_all_of_it_is_recorded(talk, publish, legal):
    publish()
    talk.says(f"{CURSE}. {REQUEST}. {COURT}")
    made = Handoff.objects.get()
    assert (made.trigger, made.reason, made.destination_key) == ("forbidden_topic", "policy_violation", "billing")
    assert [signal["trigger"] for signal in made.evidence["signals"]] == [
        "forbidden_topic", "explicit_request", "frustration",
    ]  # fmt: skip
    told = Event.objects.get(type="handoff.triggered").payload
    assert told["evidence"]["signals"] == made.evidence["signals"]
    assert {item["trigger"] for item in made.trace["considered"] if item["fired"]} == {
        "forbidden_topic", "explicit_request", "frustration",
    }  # fmt: skip
    assert COURT not in str(made.trace)


def test_of_two_messages_in_one_turn_the_stronger_trigger_acts(talk, publish):
    publish()
    assert talk.says(CURSE, REQUEST) == [DEFAULT.request_utterance]
    assert Handoff.objects.get().evidence["text"] == REQUEST


OFFERS = {
    "en": (CURSE, "Yes, please", "No, thank you"),
    "es": ("Esto es inútil, bot de mierda, ya te lo he dicho tres veces", "Sí, por favor", "No, gracias"),
    "fr": ("C'est nul, espèce de robot stupide, je l'ai déjà dit trois fois", "Oui, s'il vous plaît", "Non merci"),
    "de": ("Das ist völlig nutzlos, du dummer Bot", "Ja, gerne", "Nein, danke"),
    "it": ("È inutile, stupido bot, te l'ho già detto tre volte", "Sì, grazie", "No, grazie"),
    "pt": ("Isso é inútil, seu robô estúpido, já disse três vezes", "Sim, por favor", "Não, obrigado"),
    "nl": ("Dit is waardeloos, stomme bot, ik heb het al drie keer gezegd", "Ja, graag", "Nee, dank je"),
}


@pytest.mark.parametrize("language", OFFERS)
@pytest.mark.parametrize("accepts", [True, False])
def test_an_offer_is_made_and_answered_in_every_language(talk, publish, language, accepts):
    publish()
    curse, yes, no = OFFERS[language]
    assert talk.says(curse) == [DEFAULT.offer_text]
    if accepts:
        assert talk.says(yes) == [DEFAULT.request_utterance]
        assert Handoff.objects.get().trigger in ("frustration", "unproductive")
    else:
        assert talk.says(no) == [DEFAULT.declined_offer_text]
        assert not Handoff.objects.exists()
