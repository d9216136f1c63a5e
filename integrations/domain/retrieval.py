"""Which topic answers a question: deterministic retrieval over names, sample questions and content, no network.

A topic's score is half *coverage* (how much of the question's weight its words carry, rare words weighing more) and
half *likeness* (the cosine to its closest sample question). Both lie between 0 and 1, so one threshold fits projects
of any size; a plain BM25 sum grows with the question and has no such scale. Its inverse document frequency and its
saturation of repeated words are kept.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt

from handoffs.domain.triggers.normalise import normalise
from handoffs.domain.triggers.spelling import correct, index_misspellings
from integrations.domain.terms import NUMBER, NUMBER_TERM, SYNONYMS, stem, terms_of, words_of

ANSWER_THRESHOLD = 0.42  # below it the responder says that it did not understand
NAME_WEIGHT = 1.0
CONTENT_WEIGHT = 0.35
SATURATION = 0.5  # a word in one sample question weighs 1 / (1 + 0.5), in two 2 / (2 + 0.5), …
UNKNOWN_SHARE = 0.6  # of the weight of a word that one topic has: half of what customers add is chatter
DOUBT = 0.7  # weight of shared terms at which half the score is believed: one common word proves little
MISSPELT_WEIGHT = 0.8
SENTENCE_WEIGHT = 0.95  # one sentence out of several says a little less than the whole message
LONGEST_QUESTION = 96  # terms; what follows rarely holds the question
MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class TopicText:
    """What retrieval reads of a topic."""

    key: str
    name: str
    questions: tuple[str, ...]
    content: str


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """Why a topic was chosen: the shared terms, heaviest first, and the closest sample question if one is near."""

    terms: tuple[str, ...]
    question: str


@dataclass(frozen=True, slots=True)
class Match:
    """One topic with its score from 0 to 1."""

    topic_key: str
    score: float
    evidence: MatchEvidence


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample question of a topic (by position), its terms and the length of its vector of weights."""

    topic: int
    text: str
    terms: frozenset[str]
    norm: float


@dataclass(frozen=True, slots=True)
class TopicIndex:
    """Everything about a snapshot's topics that does not depend on the question; build it once, ask it often."""

    topics: tuple[TopicText, ...]
    rarity: Mapping[str, float]
    unknown_rarity: float
    weights: Mapping[str, Mapping[int, float]]
    samples: tuple[Sample, ...]
    samples_with: Mapping[str, Sequence[int]]
    misspelt: Mapping[str, str]
    synonyms: Mapping[str, str] = field(default_factory=lambda: SYNONYMS)

    @classmethod
    def build(cls, topics: Sequence[TopicText], synonyms: Mapping[str, str] = SYNONYMS) -> "TopicIndex":
        """The index of these topics; their order decides between equal scores."""
        weights = weigh_terms(topics, synonyms)
        rarity = {term: rarity_of(len(holders), len(topics)) for term, holders in weights.items()}
        samples = tuple(read_samples(topics, rarity, synonyms))
        return cls(
            topics=tuple(topics),
            rarity=rarity,
            unknown_rarity=UNKNOWN_SHARE * rarity_of(1, max(len(topics), 1)),
            weights=weights,
            samples=samples,
            samples_with=invert(samples),
            misspelt=index_misspellings(known_words(topics)),
            synonyms=synonyms,
        )

    def retrieve(self, question: str) -> list[Match]:
        """Every topic that shares a term with the question, best first; the caller compares with the threshold."""
        best: dict[int, Match] = {}
        for share, terms in self.readings(question):
            for topic, match in self.score(terms, share):
                if topic not in best or match.score > best[topic].score:
                    best[topic] = match
        return [best[topic] for topic in sorted(best, key=lambda topic: (-best[topic].score, topic))]

    def readings(self, question: str) -> list[tuple[float, dict[str, float]]]:
        """The question as a whole and, when it has several sentences, each of them, with what each may score."""
        whole = self.read_terms(question)
        sentences = [part for part in split_sentences(question)[:MOST_SENTENCES] if part]
        parts = [self.read_terms(part) for part in sentences] if len(sentences) > 1 else []
        # A courtesy beside a question is no term of the whole: "Thank you. And my bill?" is about the bill.
        return [(1.0, whole), *((SENTENCE_WEIGHT, part) for part in parts if part and part.keys() <= whole.keys())]

    def read_terms(self, text: str) -> dict[str, float]:
        """The terms of a text, each once, with how sure we are that it was meant: 1, or less when it was misspelt.

        Numbers count as one more term that no topic has, so that "Order 7741" is not all about orders.
        """
        terms: dict[str, float] = {}
        for word in words_of(text)[:LONGEST_QUESTION]:
            term, sureness = self.recognise(word)
            terms[term] = max(sureness, terms.get(term, 0.0))
        return terms | ({NUMBER_TERM: 1.0} if NUMBER.search(text) else {})

    def recognise(self, word: str) -> tuple[str, float]:
        """The term a word stands for; an unknown word one mistake away from a known one stands for that."""
        term = stem(self.synonyms.get(word, word))
        if term in self.rarity:
            return term, 1.0
        meant = correct(word, self.misspelt)
        return (stem(self.synonyms.get(meant, meant)), MISSPELT_WEIGHT) if meant else (term, 1.0)

    def score(self, terms: Mapping[str, float], share: float) -> Iterable[tuple[int, Match]]:
        """Each topic that carries one of the terms, with its score for them."""
        weight_of = {term: self.rarity.get(term, self.unknown_rarity) for term in terms}
        total = sum(weight_of.values())
        length = sqrt(sum(weight * weight for weight in weight_of.values()))
        likeness = self.closest_samples(terms, weight_of, length)
        for topic, shared in self.share_terms(terms, weight_of).items():
            near, sample = likeness.get(topic, (0.0, ""))
            mass = sum(shared.values())
            score = share * (mass / total + near) / 2 * mass / (mass + DOUBT)
            heaviest = tuple(sorted(shared, key=lambda term: (-shared[term], term)))
            yield topic, Match(self.topics[topic].key, round(score, 4), MatchEvidence(heaviest, sample))

    def share_terms(self, terms: Mapping[str, float], weight_of: Mapping[str, float]) -> dict[int, dict[str, float]]:
        """For each topic the terms it shares with the question and what each of them adds."""
        shared: dict[int, dict[str, float]] = defaultdict(dict)
        for term, sureness in terms.items():
            for topic, carried in self.weights.get(term, {}).items():
                shared[topic][term] = weight_of[term] * sureness * carried
        return shared

    def closest_samples(
        self, terms: Mapping[str, float], weight_of: Mapping[str, float], length: float
    ) -> dict[int, tuple[float, str]]:
        """For each topic the highest cosine of one of its sample questions, and that question."""
        dots: dict[int, float] = defaultdict(float)
        for term, sureness in terms.items():
            for position in self.samples_with.get(term, ()):
                dots[position] += sureness * weight_of[term] ** 2
        closest: dict[int, tuple[float, str]] = {}
        for position in sorted(dots):
            sample = self.samples[position]
            cosine = dots[position] / (length * sample.norm)
            if cosine > closest.get(sample.topic, (0.0, ""))[0]:
                closest[sample.topic] = (cosine, sample.text)
        return closest


def retrieve(question: str, topics: Sequence[TopicText]) -> list[Match]:
    """`TopicIndex.retrieve` for a single question; build the index yourself when there will be more."""
    return TopicIndex.build(topics).retrieve(question)


def rarity_of(holders: int, topics: int) -> float:
    """Inverse document frequency as in BM25, always above 0."""
    return log(1 + (topics - holders + 0.5) / (holders + 0.5))


def weigh_terms(topics: Sequence[TopicText], synonyms: Mapping[str, str]) -> dict[str, dict[int, float]]:
    """How well each topic, by position, carries each term: from 0 to 1."""
    weights: dict[str, dict[int, float]] = defaultdict(dict)
    for position, topic in enumerate(topics):
        for term, weight in topic_weights(topic, synonyms).items():
            weights[term][position] = weight
    return dict(weights)


def topic_weights(topic: TopicText, synonyms: Mapping[str, str]) -> dict[str, float]:
    """The terms of one topic: content least, sample questions with saturation, the name most."""
    weights = dict.fromkeys(terms_of(topic.content, synonyms), CONTENT_WEIGHT)
    counts = Counter(term for question in topic.questions for term in set(terms_of(question, synonyms)))
    for term, count in counts.items():
        weights[term] = max(weights.get(term, 0.0), count / (count + SATURATION))
    return weights | dict.fromkeys(terms_of(topic.name, synonyms), NAME_WEIGHT)


def read_samples(topics: Sequence[TopicText], rarity: Mapping[str, float], synonyms: Mapping[str, str]) -> list[Sample]:
    """Every sample question that has a term, in order of the topics."""
    samples = []
    for position, topic in enumerate(topics):
        for question in (topic.name, *topic.questions):
            terms = frozenset(terms_of(question, synonyms))
            norm = sqrt(sum(rarity[term] ** 2 for term in terms))
            if terms:
                samples.append(Sample(position, question, terms, norm))
    return samples


def invert(samples: Sequence[Sample]) -> dict[str, list[int]]:
    """The positions of the samples that hold each term, ascending."""
    found: dict[str, list[int]] = defaultdict(list)
    for position, sample in enumerate(samples):
        for term in sample.terms:
            found[term].append(position)
    return dict(found)


def known_words(topics: Sequence[TopicText]) -> set[str]:
    """The words a misspelt one may have meant: those of names and sample questions."""
    return {word for topic in topics for text in (topic.name, *topic.questions) for word in words_of(text)}


def split_sentences(text: str) -> list[str]:
    """The sentences of a text, folded, cut at full stops, question and exclamation marks and line ends."""
    marks = str.maketrans("!?;\n", "....")
    return normalise(text.translate(marks)).split(".")
