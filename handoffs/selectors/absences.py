"""Who is gone while customers wait for them: nobody at their inbox for long, and conversations still theirs."""

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from conversations.domain.vocabulary import OwnerKind
from conversations.models import Event
from handoffs.models import Assignment, Presence

# Away since five minutes: whoever only closed a laptop between two rooms has come back by then.
RETURNS_AFTER = timedelta(minutes=15)


def abandoned_assignments(*, at: datetime) -> QuerySet[Assignment]:
    """What people have who are away and gave no sign of life since RETURNS_AFTER, with customers who are still there.

    Not in it: what is snoozed, messages left for later, and what they have been given or answered since, or what has
    come back to them from a snooze at its moment.
    """
    gone_since = at - RETURNS_AFTER
    gone = Presence.objects.filter(
        user=OuterRef("agent"), project=OuterRef("project"), state="offline", seen_at__lte=gone_since
    )
    author = Concat(Value("user:"), Cast(OuterRef("agent_id"), CharField()))
    answered = Q(type="human.message", author=author)
    # A customer who wrote to what was snoozed waits since then: nobody has to be given time to come back to it.
    woken = Q(type="conversation.woken", payload__because__in=("due", "agent"))
    looked_after = Event.objects.filter(
        answered | woken, conversation=OuterRef("conversation"), created_at__gt=gone_since
    )
    return Assignment.objects.filter(
        Exists(gone),
        ~Exists(looked_after),
        state="active",
        started_at__lte=gone_since,
        handoff__is_ticket=False,
        conversation__ended_at__isnull=True,
        conversation__owner_kind=OwnerKind.HUMAN,
    )
