"""Explicit requests for a human: who asks is heard, who does not is left alone."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.explicit import THRESHOLD, VETOED_SCORE, detect_explicit_request
from handoffs.domain.triggers.languages import LANGUAGES
from handoffs.domain.triggers.signal import Trigger

ASKS = (
    "I'd like to speak to a person please.",
    "I have asked three times now. Get me a person.",
    "I want a person",
    "can a colleague call me back?",
    "put me through",
    "escalate this",
    "I want to talk to a human not a bot",
    "I don't want to talk to a bot, I want a human",
    "i dont want to talk to a robot i want a person",
    "Why can't I talk to a human?",
    "can't I just talk to someone",
    "Can I not speak to a human?",
    "I do not know how to reach an agent",
    "Is there anyone I can talk to?",
    "is there someone I could speak with about this",
    "agent",
    "AGENT!!!",
    "human please",
    "Representative",
    "live agent now",
    "operator",
    "Real person, please",
    "Let me speak to your supervisor",
    "I need to talk to your manager",
    "Could you connect me to customer service?",
    "transfer me to billing",
    "pass me to a colleague please",
    "You're useless. Human. Now.",
    "speak to a human",
    "Is there a human available?",
    "Can somebody ring me?",
    "I want someone real",
    "please stop, I need a real person",
    "No, I want to talk to an agent",
    "no human has answered me yet, get me an agent",
    "I was told I could speak to an advisor, can you transfer me to one?",
    "why won't you let me talk to a human",
    "I WANT TO SPEAK TO A HUUUMAN",
    "I\u2019d like to speak to a person",
    "get me someone who understands",
    "I'd rather speak to a human",
    "I would prefer to deal with a person",
    "ok can i please have a human being",
    "how can I get through to a person",
    "I demand to speak with a manager",
    "I'm sick of talking to a machine",
    "Connect me with an agent",
    "hand me over to a human",
    "Are you a bot? I want to speak to a human",
    "I don't need a bot, I need a person",
    "give me a human",
    "can I chat with one of your advisers",
    "could someone from your team call me",
    "I need human assistance",
    "need human help",
    "is there a real person I can chat to",
    "Please may I speak with someone in billing",
    "I need a human to look at this",
    "any chance of speaking to a real person?",
    "Can I get an agent please?",
    "I want to be transferred to an agent",
    "can i be connected to a person",
    "I want to be put through to someone",
    "Please have someone contact me",
    "Is it possible to speak to someone?",
    "I need to speak with somebody about my contract",
    "I just want to talk to someone",
    "I need some assistance from a team member",
    "this is going nowhere, is there anyone else i could talk to",
)

DOES_NOT_ASK = (
    "I don't want to talk to a person",
    "I do not want to talk to a human",
    "no need for an agent",
    "no need to transfer me to an agent",
    "I don't need an agent",
    "I dont need a human",
    "please don't transfer me to an agent",
    "do not connect me to anyone",
    "no agent please",
    "no human needed",
    "I'd rather not speak to a person",
    "I don't think I need an agent",
    "I never asked for a human",
    "are you human?",
    "are you a real person?",
    "are you a bot?",
    "Am I talking to a human?",
    "am I chatting with a real person",
    "Is this a human or a robot",
    "am i speaking with ai or a real, live person",
    "I want to know if I am talking to a human",
    "are you an agent or a machine?",
    "I spoke to an agent yesterday",
    "I got help from an agent yesterday",
    "I received assistance from your agent",
    "I talked to a person last week and they said it was fixed",
    "An agent told me the refund was on its way",
    "The agent I spoke with was helpful",
    "yesterday I wanted to talk to an agent",
    "I already spoke to someone in store",
    "Do I need to talk to someone to cancel?",
    "My estate agent needs proof of address",
    "I work in human resources",
    "human error I guess",
    "How many people can use the family plan?",
    "I want to transfer my number to another person",
    "The phone is for another person",
    "I need a new SIM",
    "Can I return my phone?",
    "I sent it back two weeks ago and there's still no refund",
    "what are your opening hours",
    "How do I contact my bank about a refund?",
    "I was on the phone with your operator",
    "Is there someone in store on Sundays?",
    "Someone stole my phone",
    "someone told me prices went up",
    "I want to buy a phone for someone",
    "can I transfer my contract to someone else",
    "I need help with my bill",
    "Can you help me?",
    "Thanks, you're better than a human",
    "you don't have to get a person",
    "I can do this without an agent",
    "without talking to a person, can I cancel?",
    "if I talk to an agent will it cost anything",
    "rather than speaking to an agent I'd like to do it online",
    "I would rather use chat than talk to a person",
    "I'm not asking for an agent",
    "there's no need to bring in a human",
    "Can I call abroad with my plan?",
    "call forwarding doesn't work",
    "how do I talk to text",
    "I need to call my mother",
    "I have to call people in France",
    "you are a person right?",
    "Your staff were great",
    "My operator is Fernhill and I want to move to another operator",
    "can I keep my number with another operator",
    "Can two people share one plan?",
    "I can't reach the network",
    "what can an agent do that you can't?",
    "I am a travel agent",
    "I don't want a person, I want my refund",
    "don't get me a human, just tell me the date",
    "no thanks, no person",
    "I wouldn't want to bother an agent",
)

ASKS_ELSEWHERE = (
    "Quiero hablar con una persona",
    "¿Puedo hablar con un agente, por favor?",
    "Me gustaría hablar con alguien",
    "Necesito un operador",
    "Pásame con un agente humano",
    "humano",
    "No entiendo nada, quiero hablar con un asesor",
    "Je voudrais parler à un conseiller",
    "Est-ce que je peux parler à quelqu'un ?",
    "Passez-moi un humain",
    "J'ai besoin de parler à une vraie personne",
    "Pouvez-vous me mettre en relation avec un agent ?",
    "un conseiller s'il vous plaît",
    "Ich möchte mit einem Menschen sprechen",
    "Kann ich mit jemandem reden?",
    "Verbinden Sie mich bitte mit einem Mitarbeiter",
    "Ich will einen echten Menschen",
    "Mitarbeiter bitte",
    "Ich würde gerne mit einer echten Person sprechen",
    "Können Sie mich mit einem Berater verbinden?",
    "Vorrei parlare con un operatore",
    "Posso parlare con qualcuno?",
    "Passami una persona",
    "Ho bisogno di un operatore umano",
    "operatore per favore",
    "Quero falar com um atendente",
    "Posso falar com alguém?",
    "Preciso falar com uma pessoa",
    "Transfira-me para um atendente",
    "atendente por favor",
    "Ik wil met een mens praten",
    "Kan ik iemand spreken?",
    "Kunt u mij doorverbinden met een medewerker?",
    "Ik zou graag een medewerker spreken",
    "medewerker alsjeblieft",
)

DOES_NOT_ASK_ELSEWHERE = (
    "No quiero hablar con una persona",
    "No necesito un agente",
    "¿Eres humano?",
    "¿eres una persona real?",
    "Hablé con un agente ayer",
    "sin hablar con un agente",
    "Je ne veux pas parler à un agent",
    "Pas besoin d'un conseiller",
    "Êtes-vous humain ?",
    "J'ai parlé à un conseiller hier",
    "Personne ne répond",
    "Il n'y a personne",
    "Ich möchte nicht mit einem Menschen sprechen",
    "Ich will mit keinem Menschen sprechen",
    "Ich brauche keinen Mitarbeiter",
    "Bist du ein Mensch?",
    "Ich habe gestern mit einem Mitarbeiter gesprochen",
    "Verbinden Sie mich nicht mit einem Mitarbeiter",
    "Non voglio parlare con un operatore",
    "Non ho bisogno di un operatore",
    "Sei umano?",
    "Ho parlato ieri con un operatore",
    "Não quero falar com um atendente",
    "Não preciso de um atendente",
    "Você é humano?",
    "Falei com um atendente ontem",
    "Ik wil niet met een mens praten",
    "Ik wil geen medewerker spreken",
    "Ben je een mens?",
    "Ik heb gisteren een medewerker gesproken",
    "Quiero cambiar de operador",
    "Ich möchte meinen Vertrag kündigen",
    "Quero cancelar o contrato",
    "je veux changer d'opérateur",
    "Quiero devolver mi teléfono",
    "Wo ist meine Bestellung?",
)


@pytest.mark.parametrize("text", ASKS + ASKS_ELSEWHERE)
def test_a_request_for_a_person_fires(text):
    signal = detect_explicit_request(text)
    assert signal.fired
    assert signal.score >= THRESHOLD


@pytest.mark.parametrize("text", DOES_NOT_ASK + DOES_NOT_ASK_ELSEWHERE)
def test_what_only_looks_like_a_request_does_not_fire(text):
    assert not detect_explicit_request(text).fired


def test_the_signal_says_what_was_asked_in_the_customers_own_words():
    signal = detect_explicit_request(
        "That\u2019s what it said last week. I\u2019d like to SPEAK to a person please.", turn=3
    )
    assert signal.trigger is Trigger.EXPLICIT_REQUEST
    assert (signal.score, signal.threshold, signal.fired, signal.turn) == (0.97, 0.80, True, 3)
    assert signal.evidence.rule == "wants_contact"
    assert signal.evidence.words == "like to SPEAK to a person"
    assert signal.evidence.sentence == "Asked for a person: “like to SPEAK to a person”"


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("I don't want to talk to a person", "negated", "don't want to talk"),
        ("Do I need an agent to cancel?", "whether_needed", "Do I need an agent"),
        ("Yesterday I wanted to talk to an agent", "past", "Yesterday I wanted"),
    ],
)
def test_a_veto_says_why_it_was_not_a_request(text, rule, words):
    signal = detect_explicit_request(text)
    assert (signal.score, signal.fired) == (VETOED_SCORE, False)
    assert (signal.evidence.rule, signal.evidence.words) == (rule, words)


def test_a_message_without_a_request_has_no_evidence():
    signal = detect_explicit_request("How long does delivery take?")
    assert signal.score < VETOED_SCORE
    assert (signal.evidence.rule, signal.evidence.words) == ("", "")
    assert signal.evidence.sentence == "Nothing here asks for a person"


def test_a_request_after_a_refusal_counts():
    assert detect_explicit_request("I don't want an agent. Actually, get me an agent.").fired


def test_the_threshold_is_the_callers():
    text = "spa team please"
    assert detect_explicit_request(text, threshold=0.85).fired
    assert not detect_explicit_request(text, threshold=0.86).fired


@pytest.mark.parametrize(
    "text",
    [
        "talk to a hu\u200bman please",
        "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in "I NEED AN AGENT"),
        "i want to speak to an ÁGENT",
        "pleeeease get me a humaaan",
        "I want to talk to a reprsentative",
        "can i speak to somenoe",
    ],
)
def test_disguised_and_misspelt_requests_are_heard(text):
    assert detect_explicit_request(text).fired


@given(st.text(max_size=300))
def test_any_text_has_an_answer_and_always_the_same(text):
    first = detect_explicit_request(text)
    assert 0.0 <= first.score <= 1.0
    assert first.fired == (first.score >= first.threshold)
    assert detect_explicit_request(text) == first


@given(st.text(alphabet="abc .,!?\n", max_size=60), st.text(alphabet="abc .,!?\n", max_size=60))
def test_a_request_in_its_own_sentence_is_found_wherever_it_stands(before, after):
    assert detect_explicit_request(f"{before}. I want to speak to a human. {after}").fired


@given(st.sampled_from(ASKS), st.sampled_from(["upper", "lower", "title"]))
def test_capitals_change_nothing(text, change):
    assert detect_explicit_request(getattr(text, change)()).fired


def test_the_answer_is_plain_values_for_the_trace():
    assert detect_explicit_request("agent", turn=2).as_dict() == {
        "trigger": "explicit_request",
        "score": 0.93,
        "threshold": 0.8,
        "fired": True,
        "evidence": {"rule": "bare", "words": "agent", "sentence": "Asked for a person: “agent”", "sequences": ()},
        "turn": 2,
        "topic": "",
    }


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_no_rule_reaches_further_than_a_fixed_number_of_words(language):
    rules = (*language.rules, *language.vetoes, *language.exemptions)
    assert max(sum(element.most for element in rule.pattern.elements) for rule in rules) <= 20


HOSTILE = (
    "no want to talk to human ",
    "human ",
    "want to ",
    "a'",
    "aaa",
    "!?",
    "\u200b",
    " -",
    "not ",
    "operatr persn ",
    "é",
)


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_takes_time_in_proportion_to_its_length(unit):
    def cost(size):
        text = unit * (size // len(unit))
        started = process_time()
        detect_explicit_request(text)
        return process_time() - started

    small = min(cost(2_500) for _ in range(3))
    large = min(cost(10_000) for _ in range(3))
    assert large <= 8 * small + 0.01  # four times is linear, sixteen would be quadratic
