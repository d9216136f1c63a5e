"""What was said and done, who owns it now, and who may see it."""

from conversations.models.account import Account
from conversations.models.api_key import ApiKey
from conversations.models.audit import AuditEntry
from conversations.models.connector import Connector
from conversations.models.conversation import Conversation
from conversations.models.customer import Customer, CustomerIdentity
from conversations.models.deadline import Deadline
from conversations.models.draft import Draft
from conversations.models.event import Event
from conversations.models.idempotency_key import IdempotencyKey
from conversations.models.invitation import Invitation
from conversations.models.membership import Membership
from conversations.models.outbox import OutboxEntry
from conversations.models.outcome import Outcome
from conversations.models.project import Project
from conversations.models.review import Annotation
from conversations.models.team import Team
from conversations.models.user import User

__all__ = [
    "Account",
    "Annotation",
    "ApiKey",
    "AuditEntry",
    "Connector",
    "Conversation",
    "Customer",
    "CustomerIdentity",
    "Deadline",
    "Draft",
    "Event",
    "IdempotencyKey",
    "Invitation",
    "Membership",
    "OutboxEntry",
    "Outcome",
    "Project",
    "Team",
    "User",
]
