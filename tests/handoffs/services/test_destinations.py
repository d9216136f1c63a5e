"""Destinations are added, copied, made the default and removed without stranding anybody, also by two at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections
from django.utils import timezone

from conversations.models import AuditEntry
from handoffs.models import Destination, ForbiddenTopic, Line, Reason, Topic
from handoffs.services.destinations import (
    DestinationGone,
    DestinationInUse,
    NextDefaultNeeded,
    WouldStrand,
    add_destination,
    delete_destination,
    duplicate_destination,
    edit_destination,
    reset_to_required_method,
    set_default_destination,
    use_required_method,
)

VOICE = {"desk_key": "", "method": "refer", "route": "sip:desk@sbc.example.com"}


def voice(project, key: str, **columns) -> Destination:
    return Destination.objects.create(project=project, key=key, name=key.title(), **{**VOICE, **columns})


def defaults(project) -> list[str]:
    return list(project.destinations.filter(is_default=True).values_list("key", flat=True))


class TestAdding:
    def test_the_first_destination_becomes_the_default_and_the_second_does_not(self, project, owner, billing):
        Topic.objects.all().delete()
        billing.delete()
        first = add_destination(project=project, values={"name": "Front desk", **VOICE}, user=owner)
        second = add_destination(project=project, values={"name": "Back desk", **VOICE}, user=owner)
        assert (first.is_default, second.is_default) == (True, False)

    def test_the_key_is_made_from_the_name_and_is_free(self, project, owner):
        keys = [
            add_destination(project=project, values={"name": name, **VOICE}, user=owner).key
            for name in ("Front désk", "Front desk!", "話し中")
        ]
        assert keys == ["front-desk", "front-desk-2", "destination"]

    def test_a_name_that_differs_in_case_only_is_refused_by_the_database(self, project, owner, billing):
        with pytest.raises(IntegrityError, match="unique_destination_name"):
            add_destination(project=project, values={"name": "BILLING", **VOICE}, user=owner)

    @pytest.mark.parametrize(
        ("values", "subject"),
        [
            ({"queue_key": ""}, "queue"),
            ({"queue_key": "nowhere"}, "queue"),
            ({"queue_key": "billing", "schedule_key": "nowhere"}, "schedule"),
            ({"queue_key": "billing", "fallback_key": "nowhere"}, "fallback"),
            ({"desk_key": ""}, ""),
            ({**VOICE, "route": ""}, "route"),
            ({**VOICE, "route": "front desk"}, "route"),
            ({**VOICE, "headers": [{"name": "Via", "value": "x", "when_missing": "drop"}]}, "headers[0].name"),
        ],
    )
    def test_what_would_strand_somebody_is_refused_and_nothing_is_written(self, project, owner, values, subject):
        with pytest.raises(WouldStrand) as refused:
            add_destination(project=project, values={"name": "New", **values}, user=owner)
        assert [lint.subject for lint in refused.value.problems] == [subject]
        assert not project.destinations.filter(name="New").exists()
        assert not AuditEntry.objects.filter(action="destination.added").exists()


class TestEditing:
    def test_a_circle_of_fallbacks_is_refused_with_the_whole_chain(self, project, owner, billing, desk, now):
        third = Destination.objects.create(
            project=project, key="third", name="Third", queue_key="billing", fallback_key="billing"
        )
        edit_destination(destination=desk, values={"fallback_key": third.key}, user=owner, at=now)
        with pytest.raises(WouldStrand, match="Billing → Desk → Third → Billing"):
            edit_destination(destination=billing, values={"fallback_key": "desk"}, user=owner, at=now)
        billing.refresh_from_db()
        assert billing.fallback_key == ""

    def test_what_was_deleted_meanwhile_is_said(self, desk, owner, now):
        Destination.objects.filter(pk=desk.pk).delete()
        with pytest.raises(DestinationGone, match="Desk was deleted meanwhile"):
            edit_destination(destination=desk, values={"name": "Other"}, user=owner, at=now)


class TestDuplicating:
    def test_copies_are_numbered_and_hold_everything_but_the_default(self, billing, owner):
        Destination.objects.filter(pk=billing.pk).update(hints={"skills": "refunds"}, description="Money")
        names = [duplicate_destination(destination=billing, user=owner).name for _ in range(3)]
        assert names == ["Copy of Billing", "Copy of Billing 2", "Copy of Billing 3"]
        copy = Destination.objects.get(name="Copy of Billing 2")
        assert (copy.key, copy.is_default, copy.hints, copy.description, copy.queue_key) == (
            "copy-of-billing-2", False, {"skills": "refunds"}, "Money", "billing",
        )  # fmt: skip

    def test_a_copy_of_the_longest_name_still_fits(self, project, owner):
        longest = Destination.objects.create(project=project, key="long", name="x" * 120, queue_key="billing")
        first, second = (duplicate_destination(destination=longest, user=owner) for _ in range(2))
        assert first.name != second.name
        assert max(len(first.name), len(second.name)) <= 120


class TestTheDefault:
    def test_it_moves_and_both_rows_are_audited(self, project, billing, desk, owner, now):
        assert set_default_destination(destination=desk, user=owner, at=now) == billing
        assert defaults(project) == ["desk"]
        entries = AuditEntry.objects.filter(action="destination.changed").order_by("pk")
        assert sorted((entry.subject, entry.before, entry.after) for entry in entries) == [
            ("Billing", {"is_default": True}, {"is_default": False}),
            ("Desk", {"is_default": False}, {"is_default": True}),
        ]

    def test_making_it_the_default_again_changes_nothing(self, project, billing, owner, now):
        assert set_default_destination(destination=billing, user=owner, at=now) is None
        assert defaults(project) == ["billing"]
        assert not AuditEntry.objects.filter(action="destination.changed").exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_sets_the_default_at_the_same_time_exactly_one_remains(project, owner):
    rows = [
        Destination.objects.create(project=project, key=f"desk-{number}", name=f"Desk {number}", queue_key="billing")
        for number in range(4)
    ]

    def choose(row: Destination) -> None:
        try:
            for _ in range(5):
                set_default_destination(destination=row, user=owner, at=timezone.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(rows)) as pool:
        for done in [pool.submit(choose, row) for row in rows]:
            done.result(30)

    assert len(defaults(project)) == 1
    assert defaults(project)[0].startswith("desk-")


@pytest.mark.django_db(transaction=True)
def test_of_many_first_destinations_at_the_same_time_one_is_the_default(project, owner):
    Topic.objects.all().delete()
    Destination.objects.all().delete()

    def add(number: int) -> None:
        try:
            add_destination(project=project, values={"name": f"Desk {number}", **VOICE}, user=owner)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(add, number) for number in range(4)]:
            done.result(30)

    assert project.destinations.count() == 4
    assert len(defaults(project)) == 1


class TestDeleting:
    def test_every_use_is_named(self, project, billing, desk, owner, now):
        Reason.objects.filter(project=project).update(destination_key="billing")
        ForbiddenTopic.objects.create(
            project=project, key="law", name="Legal advice", description="x", destination_key="billing", is_on=False
        )
        Destination.objects.filter(pk=desk.pk).update(fallback_key="billing")
        with pytest.raises(DestinationInUse) as refused:
            delete_destination(destination=billing, user=owner, at=now, next_default=desk)
        assert [use.words for use in refused.value.uses] == [
            "Topic Complaints", "Reason Needs a person", "Forbidden topic Legal advice", "Fallback of Desk",
        ]  # fmt: skip
        assert Destination.objects.filter(pk=billing.pk).exists()

    def test_another_projects_things_are_in_nobodys_way(self, desk, outsider, owner, now):
        elsewhere = outsider.memberships.get().project
        Topic.objects.create(
            project=elsewhere,
            key="t",
            name="T",
            content="",
            action={"destination": "desk", "reason": "", "utterance": ""},
        )
        delete_destination(destination=desk, user=owner, at=now)
        assert not Destination.objects.filter(pk=desk.pk).exists()

    def test_the_default_asks_for_the_next_one_and_hands_over(self, project, billing, desk, owner, now):
        Topic.objects.all().delete()
        with pytest.raises(NextDefaultNeeded, match="Choose the next one"):
            delete_destination(destination=billing, user=owner, at=now)
        with pytest.raises(NextDefaultNeeded):
            delete_destination(destination=billing, user=owner, at=now, next_default=billing)
        delete_destination(destination=billing, user=owner, at=now, next_default=desk)
        assert defaults(project) == ["desk"]

    def test_the_last_one_goes_without_a_next(self, project, billing, owner, now):
        Topic.objects.all().delete()
        delete_destination(destination=billing, user=owner, at=now)
        assert not project.destinations.exists()
        entry = AuditEntry.objects.get(action="destination.removed")
        assert (entry.subject, entry.before["queue_key"], entry.after) == ("Billing", "billing", None)


class TestTheRequiredMethod:
    def test_all_that_differ_are_changed_and_each_is_audited(self, project, owner, refer_only, now):
        voice(project, "right")
        voice(project, "wrong", method="invite", encryption="udp_rtp")
        voice(project, "bare", method="bye", route="")
        voice(project, "kept", method="bye")

        reset = reset_to_required_method(project=project, user=owner, at=now)

        assert [row.key for row in reset.changed] == ["kept", "wrong"]
        assert [row.key for row in reset.left] == ["bare"]
        methods = dict(project.destinations.exclude(method="").values_list("key", "method"))
        assert methods == {"right": "refer", "wrong": "refer", "kept": "refer", "bare": "bye"}
        entries = AuditEntry.objects.filter(action="destination.changed")
        assert sorted((entry.before["method"], entry.after["method"]) for entry in entries) == [
            ("bye", "refer"), ("invite", "refer"),
        ]  # fmt: skip
        assert project.destinations.get(key="wrong").encryption == "udp_rtp"

    def test_a_destination_on_a_line_that_takes_any_method_stays(self, project, owner, refer_only, now):
        Line.objects.create(project=project, environment="live", key="open", name="Open", domain="sbc.example")
        row = voice(project, "other", method="invite", line_key="open")
        assert reset_to_required_method(project=project, user=owner, at=now).changed == ()
        assert use_required_method(destination=row, user=owner, at=now) == ()

    def test_a_line_only_the_sandbox_has_binds_those_that_name_it(self, project, owner, now):
        Line.objects.create(project=project, environment="live", key="open", name="Open", domain="sbc.example")
        Line.objects.create(
            project=project,
            environment="sandbox",
            key="lab",
            name="Lab",
            domain="sbc.example",
            required_method="invite",
        )
        voice(project, "in-the-lab", line_key="lab")
        voice(project, "elsewhere")
        reset = reset_to_required_method(project=project, user=owner, at=now)
        assert [row.key for row in reset.changed] == ["in-the-lab"]

    def test_one_that_lacks_a_route_is_refused_alone(self, project, owner, refer_only, now):
        row = voice(project, "bare", method="bye", route="")
        with pytest.raises(WouldStrand, match="needs a route"):
            use_required_method(destination=row, user=owner, at=now)
