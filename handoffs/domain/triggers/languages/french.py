"""How people ask for a human in French, and what only looks like it; elisions come apart ("qu'un" is "qu un")."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_CERTAIN, ROMANCE_RULES, ROMANCE_VETOES

FRENCH = build_language(
    code="fr",
    classes={
        "HUMAN": (
            "humain humaine humains personne agent agente operateur operatrice conseiller conseillere conseillers "
            "representant representante responsable collegue employe employee technicien superviseur manager "
            "teleconseiller interlocuteur gerant directeur"
        ),
        "SOMEONE": "quelquun",
        "DESK": (
            "service facturation reservation reservations reception support departement equipe accueil standard "
            "comptabilite reclamations sav client agence magasin"
        ),
        "WANT": (
            "veux voudrais souhaite souhaiterais aimerais besoin prefere dois faut voulons demande exige tiens "
            "souhaitons voudrai prefererais doit"
        ),
        "DESIRE": "veux voudrais souhaite souhaiterais aimerais besoin prefere faut exige cherche demande donnez donne",
        "CONTACT": "parler discuter joindre contacter echanger communiquer chatter avoir",
        "REACH": "joins joindre contacte obtenir trouver avoir parle",
        "TO": "a au aux avec un une vers de d en",
        "OF": "de d par un une",
        "DET": (
            "un une le la l de d du des vrai vraie reel reelle autre etre service client humaine humain physique votre "
            "clientele facturation vos ton en chair et os seul veritable"
        ),
        "TRANSFER": (
            "passez passe passer transferez transfere transferer mettez mettre connectez connecter redirigez rediriger "
            "basculez basculer orientez adressez transferes"
        ),
        "TOUCH": "relation contact",
        "ME": "moi me nous m",
        "LET": "laissez laisse laisser",
        "ASK": "puis peux pouvez pourrais pourriez possible peut pourrait",
        "HOW": "comment ou",
        "WHY": "pourquoi",
        "KNOW": "sais",
        "HELP": "aide assistance",
        "HUMAN_HELP": "humain",
        "ATTEND": "occupe aide aidee rappele rappelee contacte contactee mis mise pris",
        "THERE": "a ya existe",
        "HERE": "ici la disponible disponibles present ligne reel en",
        "CALL_ME": "rappelez rappelle rappeler appeler appelez rappele rappelee contacter contactez appelle joindre",
        "PLEASE": (
            "s il vous te plait merci bonjour maintenant svp stp oui ok a avec de bon alors y t est ce qu juste"
        ),
        "MACHINE": "robot machine bot chatbot ordinateur ia robots machines automate",
        "NEG": "ne n pas sans jamais ni aucun aucune inutile plutot evitez",
        "SCOPE": (
            "veux voudrais souhaite besoin de d un une parler a avec l le la que j ai me m etre necessaire autre pas "
            "peine passer appeler vous utile je se faire eviter en tiens moi ce c est demande avoir falloir mettez te"
        ),
        "KNOWN": "personnel personnes personnelle conseillee",
        "NEEDED": "necessaire utile besoin",
        "INSTEAD": "plutot lieu",
        "IF": "si quand",
        "BE": "es etes suis est parle",
        "YOU": "tu vous ce je en train de",
        "STOP": "pas ne n sans ni jamais mais si quand parce",
    },
    anchors="HUMAN SOMEONE DESK TRANSFER CALL_ME MACHINE",
    forgiven="personne conseiller operateur",
    expansions={"quelqu'un": "quelquun", "quelqu'une": "quelquun", "aujourd'hui": "aujourdhui"},
    rules=(
        *ROMANCE_RULES,
        ("wants", 0.93, "WANT ~2 mis|mise|etre ~1 en TOUCH ~1 TO ~3:DET HUMAN|SOMEONE"),
        ("insists", 0.95, "demande|exige|souhaite a|de ~1:ME CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("wants", 0.93, "donnez|donne moi ~3:DET HUMAN|SOMEONE"),
        ("wants", 0.92, "DESIRE SOMEONE de? reel|vrai|humain|competent|physique"),
        ("phone", 0.93, "avoir ~3:DET SOMEONE|HUMAN au|en telephone|ligne"),
        ("is_there", 0.91, "il? y a t? il? ~3:DET HUMAN|SOMEONE"),
        ("callback", 0.93, "^ ~2:PLEASE rappelez|rappelle|appelez|appelle|contactez moi"),
        ("callback", 0.93, "ASK ~1:YOU me|m|nous rappeler|appeler|contacter|joindre"),
        ("callback", 0.93, "HUMAN|SOMEONE ~1 ASK ~2 me|m rappeler|appeler|contacter|joindre"),
        ("callback", 0.93, "HUMAN|SOMEONE ~1 me|m rappelle|appelle|contacte|rappeler"),
        ("callback", 0.93, "WANT ~2 etre rappele|rappelee|contacte|contactee|recontacte"),
        ("callback", 0.93, "merci de bien? ~1 me rappeler|appeler|contacter"),
        ("transfer_me", 0.93, "ASK ~1:YOU me|nous TRANSFER ~3:DET HUMAN|SOMEONE|DESK"),
    ),
    certain=(
        *ROMANCE_CERTAIN,
        ("no_machine", 0.85, "ne|pas ~3:SCOPE CONTACT TO ~3:DET MACHINE"),
        ("why_not", 0.93, "WHY ~2 ne ASK ~2 CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("why_not", 0.93, "^ je? ne? ASK pas ~2 CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("why_not", 0.93, "ne ASK je? pas ~2 CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("know_how", 0.90, "sais pas HOW ~2 CONTACT|joindre ~1:TO ~4:DET HUMAN|SOMEONE"),
    ),
    vetoes=(
        *ROMANCE_VETOES,
        ("negated", 0.0, "ne|n ~4 personne"),
        ("negated", 0.0, "^ personne ~1 ne|n"),
        ("negated", 0.0, "HUMAN|SOMEONE n|ne est|serait pas"),
        ("negated", 0.0, "evitez|eviter de|d ~2:SCOPE CONTACT|TRANSFER|CALL_ME"),
        ("negated", 0.0, "ne? me|m CALL_ME|TRANSFER pas"),
        ("negated", 0.0, "pas CALL_ME|TRANSFER|HUMAN"),
        ("asks_whether_human", 0.0, "vous|tu|je ~1:BE ~2:YOU ~4:DET HUMAN $"),
        ("asks_whether_human", 0.0, "parle|parler je? ~1 a|avec ~3:DET HUMAN ou"),
        ("whether_needed", 0.0, "dois|faut je|il CONTACT ~1 TO ~3:DET HUMAN"),
        ("conditional", 0.0, "si je|on ~1 parle|appelle|contacte"),
        ("other_agent", 0.0, "agent immobilier|immobiliere|de voyage|assurance|voyages"),
        ("other_agent", 0.0, "changer d|de operateur|conseiller"),
        ("other_agent", 0.0, "appeler|joindre ~1 ma|mon|etranger|mere|mes"),
        ("other_agent", 0.0, "autre personne"),
        ("other_human", 0.0, "ressources|erreur|droits humaines|humaine|humains"),
        ("past", 0.0, "personne ~2 repond|repondu|comprend"),
    ),
    exemptions=(
        ("question", 0.0, "WHY ~2 ne? ASK pas?"),
        ("question", 0.0, "sais pas"),
        ("question", 0.0, "^ je? ne? ASK pas"),
        ("machine", 0.0, "ne|pas ~4:SCOPE CONTACT TO ~3:DET MACHINE"),
        ("machine", 0.0, "pas ~2:DET MACHINE"),
    ),
)
