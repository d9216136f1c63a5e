"""What the list of destinations finds, and what its cards are told."""

from datetime import timedelta

import pytest

from conversations.models import Conversation, Customer
from handoffs.models import Destination, DestinationTest, Handoff, Topic
from handoffs.selectors.destination_cards import Ways, count_ways, read_cards, search_destinations
from handoffs.selectors.destination_surroundings import read_surroundings
from handoffs.templatetags.destinations import ago, constraints, health, hint_words, limit, worth_a_look


@pytest.fixture
def voice(project) -> Destination:
    return Destination.objects.create(
        project=project,
        key="front",
        name="Front desk",
        desk_key="",
        method="refer",
        route="sip:frontdesk@sbc.example.com",
        headers=[{"name": "X-Account", "value": "$customer_id", "when_missing": "drop"}],
    )


@pytest.fixture
def both(project) -> Destination:
    return Destination.objects.create(
        project=project, key="both", name="100% help", queue_key="billing", method="bye", route="tel:+4420"
    )


def found(project, **wanted) -> list[str]:
    return [row.key for row in search_destinations(project, **wanted)]


def card_of(project, row, now):
    return read_cards(project, [row], read_surroundings(project), at=now)[0]


def handed_off(project, now, *, joined: bool, ended: bool = True) -> Handoff:
    customer = Customer.objects.create(project=project, environment="live")
    conversation = Conversation.objects.create(
        project=project, environment="live", channel="web_chat", customer=customer
    )
    return Handoff.objects.create(
        conversation=conversation,
        project=project,
        environment="live",
        trigger="api",
        reason="needs_human",
        destination_key="billing",
        state="closed" if ended else "queued",
        snapshot_hash="",
        initiated_at=now - timedelta(hours=1),
        joined_at=now if joined else None,
        ended_at=now if ended else None,
    )


@pytest.mark.parametrize(
    ("search", "keys"),
    [
        ("", ["billing", "both", "front"]),
        ("FRONT", ["front"]),
        ("sbc.example", ["front"]),
        ("x-account", ["front"]),
        ("$customer_id", ["front"]),
        ("100%", ["both"]),
        ("%", ["both"]),
        ("drop", []),
        ("when_missing", []),
        ("tel:", []),
    ],
)
def test_names_routes_and_headers_are_searched_and_nothing_that_is_not_shown(project, voice, both, search, keys):
    assert found(project, search=search) == keys


def test_a_destination_with_both_ways_is_counted_and_listed_in_both(project, voice, both):
    assert count_ways(project) == {Ways.ALL: 3, Ways.VOICE: 2, Ways.TEXT: 2}
    assert found(project, ways=Ways.VOICE) == ["both", "front"]
    assert found(project, ways=Ways.TEXT) == ["billing", "both"]


def test_topics_that_are_on_are_counted(project, now):
    billing = Destination.objects.get(project=project)
    assert card_of(project, billing, now).topics == 1
    Topic.objects.update(is_on=False)
    assert card_of(project, billing, now).topics == 0


class TestHealth:
    @pytest.fixture
    def billing(self, project, now) -> Destination:
        Destination.objects.update(updated_at=now - timedelta(days=1))
        return Destination.objects.get(project=project)

    @pytest.fixture
    def tested(self, project, owner, now):
        def test(*, passed: bool, at=now) -> None:
            DestinationTest.objects.create(
                project=project, destination_key="billing", passed=passed, summary="s", tested_by=owner, tested_at=at
            )

        return test

    def say(self, project, billing, now) -> tuple[str, str, str]:
        said = health(card_of(project, billing, now))
        return said.tone, said.word, said.meta

    def test_without_test_and_handoff_it_was_never_tested(self, project, billing, now):
        assert self.say(project, billing, now) == ("hollow", "Never tested", "")

    def test_the_newest_test_counts(self, project, billing, tested, now):
        tested(passed=False, at=now - timedelta(hours=2))
        tested(passed=True, at=now - timedelta(minutes=12))
        assert self.say(project, billing, now) == ("green", "Healthy", "tested 12 min ago")

    def test_a_failed_test_is_red(self, project, billing, tested, now):
        tested(passed=False)
        assert self.say(project, billing, now) == ("red", "Failed its test", "just now")

    def test_a_change_after_the_test_is_told(self, project, billing, tested, now):
        tested(passed=True, at=now - timedelta(days=9))
        assert self.say(project, billing, now) == ("amber", "Changed since its test", "9 days ago")

    def test_a_voice_route_whose_plan_was_checked_is_not_called_healthy(self, project, voice, tested, now):
        DestinationTest.objects.all().delete()
        tested(passed=True)
        DestinationTest.objects.update(destination_key="front", tested_at=now + timedelta(minutes=1))
        assert self.say(project, voice, now)[:2] == ("hollow", "Plan checked, not called")

    @pytest.mark.parametrize(
        ("joined", "expected"),
        [
            ([True, True], ("green", "Healthy")),
            ([True, False], ("green", "Healthy", "1 of 2 arrived")),
            ([False, False], ("amber", "Nobody came", "0 of 2 arrived")),
        ],
    )
    def test_real_handoffs_speak_where_no_test_does(self, project, billing, now, joined, expected):
        for each in joined:
            handed_off(project, now, joined=each)
        assert self.say(project, billing, now)[: len(expected)] == expected

    def test_who_still_waits_is_not_counted_against_it(self, project, billing, now):
        handed_off(project, now, joined=False, ended=False)
        assert self.say(project, billing, now)[:2] == ("hollow", "Never tested")


def test_a_queue_that_is_off_is_worth_a_look(project, now):
    billing = Destination.objects.get(project=project)
    project.queues.update(is_on=False)
    lints = worth_a_look(card_of(project, billing, now).lints)
    assert [lint.sentence for lint in lints] == ["The queue Billing is off. Handoffs become messages"]


def test_what_a_destination_points_at_and_is_gone_is_a_problem_on_its_card(project, now):
    Destination.objects.update(queue_key="gone", schedule_key="gone", fallback_key="gone", line_key="gone")
    card = card_of(project, Destination.objects.get(project=project), now)
    assert [lint.code for lint in card.lints] == ["queue-gone", "schedule-gone", "fallback-gone"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(300, "5 min"), (90, "1:30"), (3600, "1 h"), (5400, "90 min"), (10, "0:10")]
)
def test_limits_are_short(seconds, words):
    assert limit(seconds) == words


def test_hints_are_told_one_in_full_and_more_as_a_number():
    assert hint_words({"language": "es"}) == "language: es"
    assert hint_words({"skills": "a", "department": "b"}) == "2 hints"


def test_the_past_is_told_in_its_own_unit(now):
    told = [ago(now - timedelta(**gone)) for gone in ({"seconds": 5}, {"minutes": 12}, {"hours": 3}, {"days": 1})]
    assert told == ["just now", "12 min ago", "3 h ago", "1 day ago"]


def test_the_constraints_of_a_line_are_words():
    from handoffs.domain.sip.voice import LineConfig, SipMethod

    line = LineConfig(required_method=SipMethod.REFER, hides_route=True, hides_headers=True)
    assert constraints(line) == "REFER only, routes by itself, no headers"
    assert constraints(LineConfig()) == ""
