"""Whether a request for a person says what it is about already."""

from collections.abc import Sequence
from itertools import chain

from handoffs.domain.triggers.languages import LANGUAGES
from handoffs.domain.triggers.normalise import read_clauses, visible

LONGEST_CONSIDERED = 4_000
# A word that says something is so long at least, or holds a digit; a request's own words are those of the grammars.
LEAST_LETTERS, LEAST_WORDS = 4, 2
REQUEST_WORDS = frozenset(chain.from_iterable(language.labels for language in LANGUAGES))
# What stands around a request in these languages and says nothing of its matter.
COURTESY = frozenset(
    """
    about actually again anybody anyone asap could feel get give hello here just like look maybe need please pretty
    quick quickly really right sorry still take thank thanks that then there this today understand want what with would
    your help there's i'd i'm could can't want wanna give
    bitte danke doch dringend einfach endlich gerne guten hallo jetzt kurz mich mein möchte muss sofort würde hilfe tag
    ahora alguien ayuda buenas buenos dias favor gracias hablar hola necesito porfavor quiero quisiera tardes urgente
    aidez bonjour j'aimerais maintenant merci plaît plait s'il besoin voudrais veux vous aide tout suite
    adesso aiuto bisogno buongiorno ciao favore grazie parlare per piacere subito vorrei voglio
    agora ajuda alguém bom boa gostaria obrigada obrigado olá preciso quero tarde
    alstublieft bedankt dank goedemiddag goedendag graag hulp iemand kunnen meteen nodig willen
    """.split()
)


def states_problem(said: Sequence[str]) -> str:
    """The messages of a request as the statement of a problem; empty when they only ask."""
    text = "\n".join(said)
    words = {word.text for clause in read_clauses(visible(text[:LONGEST_CONSIDERED])) for word in clause}
    telling = {word for word in words if _tells(word)}
    return text if len(telling) >= LEAST_WORDS else ""


def _tells(word: str) -> bool:
    is_long = len(word) >= LEAST_LETTERS or any(letter.isdigit() for letter in word)
    return is_long and word not in REQUEST_WORDS and word not in FOLDED_COURTESY


FOLDED_COURTESY = frozenset(
    word.text for text in COURTESY for clause in read_clauses(visible(text)) for word in clause
)  # fmt: skip
