from conversations.domain.evidence import Explanation, explain_evidence

FRUSTRATION = {
    "trigger": "frustration",
    "score": 0.81,
    "evidence": {"sentence": "Frustration 0.81: “useless”", "words": "useless", "sequences": [4, 6]},
}
ASKED = {"trigger": "explicit_request", "evidence": {"sentence": "Asked for a person: “agent”", "words": "agent"}}


def test_a_signal_is_told_as_its_sentence_and_the_messages_that_counted():
    evidence = {**FRUSTRATION, "text": "useless", "signals": [{**FRUSTRATION, "sequence": 8}]}
    assert explain_evidence(evidence, masked=False) == Explanation(("Frustration 0.81: “useless”",), (4, 6, 8))


def test_what_fired_beside_it_is_told_after_it():
    evidence = {**FRUSTRATION, "signals": [{**ASKED, "sequence": 8}, {**FRUSTRATION, "sequence": 8}]}
    sentences = explain_evidence(evidence, masked=False).sentences
    assert sentences == ("Frustration 0.81: “useless”", "Asked for a person: “agent”")


def test_without_the_permission_no_sentence_is_told_for_it_quotes_the_customer():
    masked = explain_evidence({**FRUSTRATION, "signals": [{**FRUSTRATION, "sequence": 8}]}, masked=True)
    assert masked == Explanation((), (4, 6, 8))


def test_a_handoff_nothing_set_off_or_an_older_one_has_no_explanation():
    for evidence in ({}, {"text": "Please call me"}, {"evidence": "told by another system"}, {"signals": [{}]}):
        assert explain_evidence(evidence, masked=False) == Explanation()
