"""What an answer to the question for a field is like, beside the value it holds; and how a field is asked for."""

from handoffs.domain.settings import CollectedField
from handoffs.domain.triggers.answers import Answer, read_answer

# How somebody keeps to themselves what they are asked for, where they do not just say no.
REFUSALS = (
    "i don't want", "i dont want", "i do not want", "i won't", "i wont", "i will not", "i'd rather not", "i prefer not",
    "i would rather not", "i'd prefer not", "none of your", "that's private", "not telling",
    "das sage ich", "das möchte ich nicht", "geht sie nichts an", "no quiero", "prefiero no", "je ne veux pas",
    "je préfère ne pas", "non voglio", "preferisco non", "não quero", "prefiro não", "dat zeg ik", "liever niet",
)  # fmt: skip
NAME_WORDS = range(2, 6)
INITIAL = 2  # letters, its full stop included


def name_field(field: CollectedField) -> str:
    """The field's label; of one that may be left out, with how."""
    return field.label if field.is_required else f"{field.label} (or write “skip”)"


def looks_like_name(text: str) -> bool:
    """Two to five words with capitals, not shouted."""
    words = text.split()
    is_written_so = all(word[0].isupper() and (len(word) <= INITIAL or not word.isupper()) for word in words)
    return len(words) in NAME_WORDS and is_written_so and words[-1][-1] not in "!?"


def refuses(text: str) -> bool:
    """Whether the customer does not want to say it. What holds a number tells something, and a name may begin with
    a no."""
    if looks_like_name(text) or any(letter.isdigit() for letter in text):
        return False
    plain = text.strip().casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return plain.startswith(REFUSALS) or read_answer(text) is Answer.NO
