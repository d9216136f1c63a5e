"""One table of words and rules for each language; English is measured, the others are hand-checked only."""

from handoffs.domain.triggers.language import Language
from handoffs.domain.triggers.languages.dutch import DUTCH
from handoffs.domain.triggers.languages.english import ENGLISH
from handoffs.domain.triggers.languages.french import FRENCH
from handoffs.domain.triggers.languages.german import GERMAN
from handoffs.domain.triggers.languages.italian import ITALIAN
from handoffs.domain.triggers.languages.portuguese import PORTUGUESE
from handoffs.domain.triggers.languages.spanish import SPANISH

LANGUAGES: tuple[Language, ...] = (ENGLISH, SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, DUTCH)
