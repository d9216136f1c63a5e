"""When, where and how a conversation is handed over."""

from handoffs.models.agent import Agent
from handoffs.models.assignment import Assignment
from handoffs.models.desk import Desk
from handoffs.models.destination import Destination
from handoffs.models.destination_test import DestinationTest
from handoffs.models.forbidden_topic import ForbiddenTopic
from handoffs.models.handoff import Handoff
from handoffs.models.handoff_settings import HandoffSettings
from handoffs.models.intake import Intake
from handoffs.models.line import Line
from handoffs.models.offer import Offer
from handoffs.models.presence import Presence
from handoffs.models.queue import Queue, QueueEntry
from handoffs.models.reason import Reason
from handoffs.models.release import Release
from handoffs.models.schedule import Schedule
from handoffs.models.snapshot import Snapshot
from handoffs.models.topic import Topic
from handoffs.models.turn_lease import TurnLease

__all__ = [
    "Agent",
    "Assignment",
    "Desk",
    "Destination",
    "DestinationTest",
    "ForbiddenTopic",
    "Handoff",
    "HandoffSettings",
    "Intake",
    "Line",
    "Offer",
    "Presence",
    "Queue",
    "QueueEntry",
    "Reason",
    "Release",
    "Schedule",
    "Snapshot",
    "Topic",
    "TurnLease",
]
