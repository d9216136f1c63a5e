"""The context contract: which required fields came, and which nobody collects."""

import pytest

from handoffs.domain.config import DestinationConfig, ProjectConfig
from handoffs.domain.contract import ContextScore, Uncollected, find_uncollected, judge_context
from handoffs.domain.settings import CollectedField, SettingsConfig


@pytest.mark.parametrize(
    ("required", "data", "missing", "score"),
    [
        ((), {}, (), 1.0),
        (("order",), {"order": "7741"}, (), 1.0),
        (("order",), {}, ("order",), 0.0),
        (("order", "email"), {"order": "7741"}, ("email",), 0.5),
        (("order", "email", "name"), {"name": "Ada"}, ("order", "email"), 0.3333),
        (("order",), {"order": "  "}, ("order",), 0.0),
        (("order",), {"order": None}, ("order",), 0.0),
        (("order",), {"order": []}, ("order",), 0.0),
        (("amount", "agreed"), {"amount": 0, "agreed": False}, (), 1.0),
        (("order.number",), {"order": {"number": 7741}}, (), 1.0),
        (("order.number",), {"order": {"other": 1}}, ("order.number",), 0.0),
        (("order.number",), {"order": "7741"}, ("order.number",), 0.0),
        (("order.number",), {"order.number": 7741}, (), 1.0),
    ],
)
def test_a_handoff_is_scored_by_the_required_fields_it_came_with(required, data, missing, score):
    assert judge_context(required, data) == ContextScore(required, missing, score)


def test_a_required_field_that_nobody_collects_is_found_per_destination():
    config = ProjectConfig(
        settings=SettingsConfig(
            collected_fields=(CollectedField("order", "Order number"),), require_problem_statement=True
        ),
        destinations=(
            DestinationConfig("billing", "Billing", required_fields=("order", "iban", "problem_statement")),
            DestinationConfig("care", "Care", required_fields=("order.number", "iban")),
            DestinationConfig("other", "Other"),
        ),
    )
    assert find_uncollected(config) == (Uncollected("billing", "iban"), Uncollected("care", "iban"))
