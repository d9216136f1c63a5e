"""How people ask for a human in Dutch."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import VERB_LAST_RULES, VERB_LAST_VETOES

DUTCH = build_language(
    code="nl",
    classes={
        "HUMAN": (
            "mens mensen persoon medewerker medewerkster agent operator collega adviseur manager "
            "vertegenwoordiger leidinggevende"
        ),
        "SOMEONE": "iemand",
        "WANT": "wil wou wens graag zou moet liever",
        "DESIRE": "wil wens zoek nodig geef",
        "CONTACT": "praten spreken chatten bellen overleggen contacteren bereiken",
        "TO": "met aan naar",
        "DET": "een de het echt echte menselijke andere ander levend levende jullie uw klantenservice van",
        "TRANSFER": "verbind verbinden doorverbinden doorverbonden doorgeven doorsturen schakel zet",
        "ASK": "kan kun kunt kunnen mag mogelijk zou",
        "HOW": "hoe waar",
        "PLEASE": "alsjeblieft alstublieft aub bedankt hallo nu graag ja ok met",
        "NEG": "niet geen zonder nooit niemand",
        "SCOPE": "met een de te nodig echt graag me mij",
        "BE": "ben bent is zijn",
        "YOU": "je jij u dit dat ik",
        "STOP": "niet geen zonder nooit maar als omdat of",
    },
    anchors="HUMAN SOMEONE",
    forgiven="medewerker persoon mensen",
    rules=VERB_LAST_RULES,
    vetoes=VERB_LAST_VETOES,
)
