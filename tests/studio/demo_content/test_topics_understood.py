"""The demo's AI understands the demo's own questions, ours in other words, and does not pretend beyond them."""

import json
from pathlib import Path

import pytest

from integrations.domain.retrieval import ANSWER_THRESHOLD, TopicIndex, TopicText

TOPICS = json.loads((Path(__file__).parents[3] / "studio/demo_content/topics.json").read_text(encoding="utf-8"))
SAMPLES = [(topic["key"], question) for topic in TOPICS for question in (topic["name"], *topic["questions"])]
PARAPHRASES = [
    ("order_tracking", "where is my order now"),
    ("delivery_times", "Hów löng does delivéry take"),
    ("returns_refunds", "can I send back the phone I bought"),
    ("returns_refunds", "my refund is still missing"),
    ("roaming", "how do I use my phone in Spain"),
    ("repair", "THE SCREEN OF MY MOBILE IS SMASHED"),
    ("billing", "I want a copy of my last invoice"),
    ("billing", "I was charged twice"),
    ("opening_hours", "when do you open on Saturday"),
    ("cancel_contract", "how do I terminate my contract"),
    ("number_porting", "can I keep my old number"),
    ("sim_swap", "how do I activate the sim card"),
]
FOREIGN = [
    "do you sell e-bikes",
    "tell me about the moon landing",
    "what's the best pizza in town",
    "who won the match yesterday",
    "write me a poem about autumn",
    "is it going to rain tomorrow",
    "my neighbour is too loud",
    "translate good morning into French",
]


@pytest.fixture(scope="module")
def answer():
    texts = [TopicText(item["key"], item["name"], tuple(item["questions"]), item["content"]) for item in TOPICS]
    index = TopicIndex.build(texts)

    def of(question):
        """The key of the topic that answers, or none."""
        best = next(iter(index.retrieve(question)), None)
        return best.topic_key if best and best.score >= ANSWER_THRESHOLD else None

    return of


@pytest.mark.parametrize(("key", "question"), SAMPLES)
def test_every_question_of_the_demo_is_understood(answer, key, question):
    assert answer(question) == key


@pytest.mark.parametrize(("key", "question"), PARAPHRASES)
def test_the_same_in_other_words_is_understood(answer, key, question):
    assert answer(question) == key


@pytest.mark.parametrize("question", FOREIGN)
def test_what_no_topic_is_about_is_not_answered(answer, question):
    assert answer(question) is None
