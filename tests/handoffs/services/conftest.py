"""A queue that brings work to agents, people who take it, and customers who begin to wait."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from conversations.domain.vocabulary import Role
from conversations.models import Conversation, Project, User
from conversations.services.sessions import open_session
from handoffs.domain.config import Assignment as Way
from handoffs.domain.levels import PRESET_FIELDS, apply_level
from handoffs.domain.settings import Level
from handoffs.models import Agent, HandoffSettings, Offer, Presence, Queue
from handoffs.services.offers import drain_offers
from handoffs.services.releases import NothingToPublish, publish_release
from tests.conftest import member
from tests.handoffs.services.talks import DEFAULT, Talk


@pytest.fixture
def offering(project, owner) -> Project:
    """Billing brings work to agents: 20 seconds to answer, 60 to wrap up."""
    Queue.objects.filter(project=project, key="billing").update(
        assignment=Way.OFFER.value, offer_seconds=20, wrap_up_seconds=60
    )
    publish_release(project=project, publisher=owner, at=timezone.now())
    return project


@pytest.fixture
def ready(project, now) -> Callable[..., User]:
    """Let somebody take work: `ready("Ana Ruiz", capacity=1, skills=["german"])`, or a person of the cast."""

    def by(who: User | str, **can) -> User:
        person = who if isinstance(who, User) else member(project, Role.AGENT, who)
        Agent.objects.update_or_create(can, project=project, user=person)
        Presence.objects.update_or_create(
            {"state": "ready", "since": now, "seen_at": now}, project=project, user=person
        )
        return person

    return by


@pytest.fixture
def begin_to_wait(connector, cast) -> Callable[..., Conversation]:
    """One more customer of the connector's web chat who waits; nobody is asked yet."""

    def by(**facts) -> Conversation:
        conversation = open_session(connector=connector, options={})
        cast.hand_off(conversation, **facts)
        conversation.refresh_from_db()
        return conversation

    return by


@pytest.fixture
def offer(offering, now) -> Callable[..., list[tuple[Conversation, User]]]:
    """Offer what waits, `later` seconds from now; return what is open, first made first."""

    def by(*, later: float = 0) -> list[tuple[Conversation, User]]:
        at = now + timedelta(seconds=later)
        Presence.objects.filter(project=offering).update(seen_at=at)
        drain_offers(project_id=offering.pk, at=at)
        rows = Offer.objects.filter(state="open").select_related("conversation", "agent")
        return [(row.conversation, row.agent) for row in rows.order_by("offered_at", "pk")]

    return by


@pytest.fixture
def talk(conversation, cast, now) -> Talk:
    return Talk(conversation, cast, now)


@pytest.fixture
def publish(project, owner, now):
    """Make settings live; a level sets what it sets."""

    def publish(*, level: Level | None = None, **settings: Any) -> None:
        preset = apply_level(DEFAULT, level) if level is not None else None
        names = () if preset is None else ("level", *PRESET_FIELDS)
        settings = {**{name: getattr(preset, name) for name in names}, **settings}
        HandoffSettings.objects.filter(project=project).update(**settings)
        with suppress(NothingToPublish):
            publish_release(project=project, publisher=owner, at=now)

    return publish
