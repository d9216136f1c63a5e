"""What people are called where there is little room, or no name at all."""

import uuid


def initials(name: str) -> str:
    """At most two letters: of the first and of the last word of a name."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words if len(words) < 2 else (words[0], words[-1])
    return "".join(word[0] for word in ends).upper() or "?"


def first_name(name: str) -> str:
    return name.split(" ", 1)[0]


def nameless(conversation_id: uuid.UUID) -> str:
    """A name for somebody who gave none: four characters of the conversation's id tell them apart."""
    return f"Customer {conversation_id.hex[-4:].upper()}"
