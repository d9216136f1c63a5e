"""The judge: a language model is asked about a score that is unsure. Whatever goes wrong, the scores decide."""

import logging
from collections import Counter

from handoffs.domain.turns import Verdict
from handoffs.services.turns import Doubt
from integrations.adapters.base import AdapterError, Permanent
from integrations.adapters.network import Patience
from integrations.domain.completions import Completion
from integrations.domain.judging import NoJudgement, Question, ask_about, build_judgement, read_judgement
from integrations.domain.responder_settings import ResponderKind
from integrations.responders.openai_compatible import OpenAiCompatibleResponder
from integrations.services.responders import find_connection, responder_over

logger = logging.getLogger(__name__)
# The customer waits for it, and then for the answer: all in all, name look-up and reading included.
PATIENCE = Patience(2.0)
# How often this process asked, and how often it had to do without.
asked: Counter[str] = Counter()


def judge_signals(doubt: Doubt) -> tuple[Verdict, ...]:
    """What the model says of the unsure signals; nothing where it says nothing that can be used, in time.

    Call it with no transaction open.
    """
    questions = ask_about(doubt.signals, sequences=doubt.sequences, dialogue=doubt.dialogue)
    if not questions:
        return ()
    asked["judged"] += 1
    try:
        return read_judgement(_ask(doubt, questions), questions)
    except (AdapterError, NoJudgement) as error:
        asked["without"] += 1
        # The error names hosts and fields, never what was said.
        logger.warning("the scores decide without the judge (%d of %d): %s", asked["without"], asked["judged"], error)
        return ()


def _ask(doubt: Doubt, questions: tuple[Question, ...]) -> Completion:
    connection = find_connection(
        project_id=doubt.project_id,
        environment=doubt.environment,
        key=doubt.connection,
        kinds=[ResponderKind.OPENAI.value],
    )
    model = responder_over(connection)
    if not isinstance(model, OpenAiCompatibleResponder):
        raise Permanent(f"{connection.name} is no language model")
    return model.complete(
        build_judgement(questions, dialogue=doubt.dialogue, settings=model.settings), patience=PATIENCE
    )
