"""Snapshots and releases."""

import pytest

from handoffs.models import Destination, Snapshot
from handoffs.services.releases import NothingToPublish, publish_release, read_current_config


def test_live_reads_the_release_not_the_working_copy(project, release, now):
    Destination.objects.update(name="Money matters")

    live = read_current_config(project=project, environment="live")
    sandbox = read_current_config(project=project, environment="sandbox")

    assert (live.config.destinations[0].name, live.release_number) == ("Billing", 1)
    assert (sandbox.config.destinations[0].name, sandbox.release_number) == ("Money matters", None)
    assert live.snapshot_hash != sandbox.snapshot_hash


def test_equal_content_has_one_address(project, release):
    assert read_current_config(project=project, environment="sandbox").snapshot_hash == release.snapshot_id
    assert Snapshot.objects.count() == 1


def test_publishing_nothing_new_is_refused(project, owner, release, now):
    with pytest.raises(NothingToPublish) as refusal:
        publish_release(project=project, publisher=owner, at=now)

    assert refusal.value.number == 1


def test_numbers_count_up(project, owner, release, now):
    Destination.objects.update(name="Money matters")

    assert publish_release(project=project, publisher=owner, at=now).number == 2
