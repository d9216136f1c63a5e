"""Who has a conversation, by name."""

from conversations.domain.vocabulary import OwnerKind
from conversations.models import Project, User
from handoffs.models import Queue


def owner_name(*, project: Project, kind: str, owner_id: str) -> str:
    """Return what people call an owner; empty for nobody."""
    match kind:
        case OwnerKind.HUMAN:
            return User.objects.filter(pk=owner_id).values_list("full_name", flat=True).first() or ""
        case OwnerKind.QUEUE:
            return (
                Queue.objects.filter(project=project, key=owner_id).values_list("name", flat=True).first() or owner_id
            )
        case OwnerKind.AI:
            return project.ai_name
        case _:
            return owner_id
