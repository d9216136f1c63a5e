"""Whether a message is written in a language the English models do not know.

Read off the small words that hold sentences together: they are few, frequent, and hardly shared. Words that English has
too ("die", "war", "me", "no") are in no list.
"""

from collections.abc import Iterable

ENGLISH = frozenset(
    (
        "the and is are was were you your my it its i im he she we they this that these those not do does did dont can "
        "cant have has had with for of to from at be been what when where why how who which there here will would "
        "should could if or but because about just get got please any some on by up out all"
    ).split()
)
OTHER = frozenset(
    (
        # German
        "der das den dem ein eine einen einem einer und oder aber ist sind habe haben hast wird werden kann kannst "
        "konnen ich du sie wir ihr mir mich dir dich uns euch nicht kein keine keinen fur von zu zum zur auf bei nach "
        "aus uber wie wer warum welche mein meine dein deine noch schon auch nur sehr wenn als gibt bitte bist doch "
        "mehr ihnen "
        # Dutch
        "het een en maar zijn heb hebt heeft kan kunt ik jij je jullie mij niet geen voor van naar bij uit waarom mijn "
        "uw nog ook zeer graag deze dat er wil wordt worden "
        # Spanish
        "el la los un una pero es son esta estoy tengo tiene puedo puede tu usted mi nosotros por para de con que "
        "cuando donde como muy tambien porque quiero su sus lo se "
        # Portuguese
        "os uma mas sao estou tenho tem posso pode eu voce meu minha em da dos das nao quando onde muito tambem porque "
        "quero seu sua ao foi "
        # French
        "le les une et mais est sont suis avez peux pouvez je vous nous mon mes pas pour du des avec qui quand ou tres "
        "aussi parce veux il elle ce cette au aux dans sur votre vos "
        # Italian
        "il lo gli uno sono ho hai posso puoi mio mia noi non per di della dei con che quando dove molto anche perche "
        "voglio questo questa mi ti ci nel alla"
    ).split()
)


def is_foreign(words: Iterable[str]) -> bool:
    """Whether these folded words hold more small words of other languages than of English."""
    return sum((word in OTHER) - (word in ENGLISH) for word in words) > 0
