"""What customers and machines say in passing, one table of words and phrases for each language."""

from handoffs.domain.triggers.phrasebook import Phrases
from handoffs.domain.triggers.phrases.dutch import DUTCH
from handoffs.domain.triggers.phrases.english import ENGLISH
from handoffs.domain.triggers.phrases.french import FRENCH
from handoffs.domain.triggers.phrases.german import GERMAN
from handoffs.domain.triggers.phrases.italian import ITALIAN
from handoffs.domain.triggers.phrases.portuguese import PORTUGUESE
from handoffs.domain.triggers.phrases.spanish import SPANISH

PHRASES: tuple[Phrases, ...] = (ENGLISH, SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, DUTCH)
