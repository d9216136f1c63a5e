"""What customers and machines say in passing, one table of words and phrases for each language."""

from handoffs.domain.triggers.phrasebook import Phrases
from handoffs.domain.triggers.phrases.dutch import DUTCH
from handoffs.domain.triggers.phrases.english import ENGLISH
from handoffs.domain.triggers.phrases.german import GERMAN

PHRASES: tuple[Phrases, ...] = (ENGLISH, GERMAN, DUTCH)
