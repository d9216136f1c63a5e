"""The built-in responder: deterministic retrieval over the project's topics, no network."""

from collections.abc import Sequence
from functools import lru_cache

from handoffs.domain.config import TopicAction, TopicConfig
from integrations.domain.retrieval import ANSWER_THRESHOLD, TopicIndex, TopicText
from integrations.responders.base import NOT_UNDERSTOOD, HandoffAction, Listener, Reply, Turn


class TopicsResponder:
    """Answers with the content of the topic that fits the question best, or says that none does."""

    def answer(self, turn: Turn, listener: Listener) -> Reply:
        topics = tuple(turn.topics)
        matches = _index_of(topics).retrieve(turn.question)
        if not matches or matches[0].score < ANSWER_THRESHOLD:
            return Reply(NOT_UNDERSTOOD, understood=False, confidence=matches[0].score if matches else 0.0)
        best = matches[0]
        topic = next(item for item in topics if item.key == best.topic_key)
        action = _handoff(topic.action) if topic.action else None
        return Reply(topic.content, confidence=best.score, topic_key=topic.key, action=action)


def _handoff(action: TopicAction) -> HandoffAction:
    return HandoffAction(destination=action.destination, reason=action.reason, utterance=action.utterance)


@lru_cache(maxsize=32)
def _index_of(topics: Sequence[TopicConfig]) -> TopicIndex:
    # Topics come frozen out of a snapshot: the same ones are the same index.
    texts = [TopicText(item.key, item.name, item.questions, item.content) for item in topics]
    return TopicIndex.build(texts)
