"""What a conversation's timeline holds, to say that nothing has changed."""

from conversations.models import Event


def timeline(conversation) -> list[tuple]:
    return list(
        Event.objects.filter(conversation=conversation).order_by("sequence").values_list("sequence", "type", "payload")
    )
