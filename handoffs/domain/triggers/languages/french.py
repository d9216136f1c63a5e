"""How people ask for a human in French."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_RULES, ROMANCE_VETOES

FRENCH = build_language(
    code="fr",
    classes={
        "HUMAN": (
            "humain humaine humains personne agent agente operateur operatrice conseiller conseillere "
            "representant representante responsable collegue employe employee technicien superviseur"
        ),
        "SOMEONE": "quelquun",
        "WANT": "veux voudrais souhaite souhaiterais aimerais besoin prefere dois faut voulons",
        "DESIRE": "veux voudrais souhaite souhaiterais aimerais besoin prefere faut",
        "CONTACT": "parler discuter joindre contacter echanger communiquer chatter",
        "TO": "a au aux avec un une",
        "DET": (
            "un une le la l de d du des vrai vraie reel reelle autre etre service client humaine humain physique votre"
        ),
        "TRANSFER": (
            "passez passe passer transferez transfere transferer mettez mettre connectez connecter redirigez rediriger"
        ),
        "ME": "moi me nous",
        "ASK": "puis peux pouvez pourrais pourriez possible peut",
        "HOW": "comment ou",
        "PLEASE": "s il vous te plait merci bonjour maintenant svp oui ok a avec",
        "NEG": "ne n pas sans jamais ni aucun aucune inutile",
        "SCOPE": "veux voudrais souhaite besoin de d un une parler a avec l le la que j ai me etre necessaire autre",
        "BE": "es etes suis est",
        "YOU": "tu vous ce je",
        "STOP": "pas ne n sans ni jamais mais si quand parce",
    },
    anchors="HUMAN SOMEONE",
    forgiven="personne conseiller operateur",
    expansions={"quelqu'un": "quelquun", "quelqu'une": "quelquun", "aujourd'hui": "aujourdhui"},
    rules=ROMANCE_RULES,
    vetoes=ROMANCE_VETOES,
)
