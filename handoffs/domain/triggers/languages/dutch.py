"""How people ask for a human in Dutch, and what only looks like it."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import VERB_LAST_RULES, VERB_LAST_VETOES

DUTCH = build_language(
    code="nl",
    classes={
        "HUMAN": (
            "mens mensen persoon medewerker medewerkster medewerkers agent operator collega adviseur manager "
            "vertegenwoordiger leidinggevende baas chef supervisor teamleider servicemedewerker telefonist"
        ),
        "SOMEONE": "iemand",
        "DESK": "klantenservice afdeling facturatie support receptie klantendienst helpdesk boekhouding verkoop team",
        "WANT": "wil wou wens graag zou moet liever wilde eis sta",
        "DESIRE": "wil wens zoek nodig geef verlang eis",
        "CONTACT": "praten spreken chatten bellen overleggen contacteren bereiken krijgen opnemen",
        "SPEAK": "praat spreek chat",
        "REACH": "bereik krijg spreek vind contacteer bereiken krijgen",
        "TO": "met aan naar van",
        "DET": (
            "een de het echt echte menselijke andere ander levend levende jullie uw je klantenservice van mij maar "
            "bevoegde gewoon nog der jouw"
        ),
        "TRANSFER": (
            "verbind verbinden doorverbinden doorverbonden doorgeven doorsturen schakel zet stuur doorschakelen "
            "doorverbind overdragen doorgestuurd"
        ),
        "THROUGH": "doorverbinden doorverbonden doorverbind doorschakelen doorgeschakeld doorgestuurd",
        "CALL": "terugbellen teruggebeld opbellen gebeld terugbelverzoek terugbelt",
        "ASK": "kan kun kunt kunnen mag mogelijk zou kon",
        "HOW": "hoe waar",
        "HERE": "daar hier er nog aanwezig beschikbaar online bereikbaar toevallig ergens echt",
        "PLEASE": "alsjeblieft alstublieft aub bedankt hallo nu graag ja ok met maar even gewoon svp meteen nee",
        "ME": "mij me ons",
        "MACHINE": "robot bot machine computer chatbot robots bots ai automaat",
        "NEG": "niet geen zonder nooit niemand",
        "SCOPE": "met een de te nodig echt graag me mij door om aan naar van per se hoeft meer liever terug",
        "NEEDED": "nodig noodzakelijk vereist",
        "MUST": "moet moeten dien hoef",
        "BE": "ben bent is zijn",
        "YOU": "je jij u jullie dit dat ik",
        "STOP": "niet geen zonder nooit maar als omdat of",
    },
    anchors="HUMAN SOMEONE DESK TRANSFER THROUGH CALL MACHINE bel bellen belt",
    forgiven="medewerker persoon mensen klantenservice",
    expansions={"zo'n": "zo een"},
    rules=(
        *VERB_LAST_RULES,
        ("wants_desk", 0.92, "WANT|ASK ~4 TO ~3:DET DESK ~3 CONTACT|TRANSFER"),
        ("wants_desk", 0.92, "WANT|ASK ~3 SOMEONE ~4:DET DESK? ~2 CONTACT"),
        ("wants", 0.93, "WANT|ASK ik ~3:DET HUMAN ~1:PLEASE $"),
        ("wants", 0.93, "heb|hebben ~2 ~3:DET HUMAN|SOMEONE nodig"),
        ("wants_help_of", 0.92, "hulp ~1 TO ~3:DET HUMAN|SOMEONE"),
        ("rather", 0.93, "SPEAK liever ~1 ~3:DET HUMAN|SOMEONE"),
        ("rather", 0.93, "SPEAK liever TO ~3:DET HUMAN|SOMEONE"),
        ("phone", 0.93, "ASK|WANT ~1 ~3:DET HUMAN|SOMEONE aan de telefoon|lijn"),
        ("contact", 0.93, "^ ~2:PLEASE HUMAN|SOMEONE spreken $"),
        ("let_me", 0.95, "laat ~1 TO ~3:DET HUMAN|SOMEONE ~2 CONTACT"),
        ("how_to", 0.94, "HOW ~4 REACH ~2 ~3:DET HUMAN|SOMEONE"),
        ("how_to", 0.94, "HOW ~2 ~3:DET HUMAN|SOMEONE REACH|CONTACT"),
        ("how_to", 0.93, "krijg ik ~2 ~3:DET HUMAN|SOMEONE te CONTACT"),
        ("transfer_me", 0.95, "TRANSFER ~4 TO ~3:DET DESK|HUMAN|SOMEONE"),
        ("put_through", 0.93, "TRANSFER ME ~1 door"),
        ("put_through", 0.93, "ASK|WANT ~3 THROUGH"),
        ("put_through", 0.93, "^ ~2:PLEASE THROUGH ~2:PLEASE $"),
        ("wants", 0.92, "geef ME ~1 ~3:DET HUMAN|SOMEONE"),
        ("is_there", 0.92, "^ ~2:PLEASE is|zijn|werkt ~2:HERE ~3:DET HUMAN|SOMEONE ~3:HERE $"),
        ("is_there", 0.93, "is|zijn ~2:HERE ~3:DET HUMAN|SOMEONE ~5 CONTACT|SPEAK"),
        ("callback", 0.93, "bel|belt|bellen ~1:YOU ME ~2 terug"),
        ("callback", 0.93, "ASK ~1:YOU ME ~1 bellen"),
        ("callback", 0.93, "ASK|WANT|laat ~3 CALL"),
        ("callback", 0.93, "^ ~2:PLEASE CALL ~2:PLEASE"),
        ("callback", 0.93, "HUMAN|SOMEONE ME ~3 CALL|bellen|bel|belt"),
        ("callback", 0.93, "HUMAN|SOMEONE contact TO ME ~1 opnemen|opneemt"),
        ("takes_over", 0.92, "kan er? ~2:DET HUMAN|SOMEONE ~3 overnemen|helpen"),
    ),
    certain=(
        ("no_machine", 0.85, "NEG ~2:SCOPE ~2:DET MACHINE ~2 CONTACT"),
        ("why_not", 0.93, "waarom ~3 niet ~2 TO ~3:DET HUMAN|SOMEONE ~2 CONTACT"),
        ("why_not", 0.93, "^ ~1 kan|mag ik ~1 niet ~2 TO ~3:DET HUMAN|SOMEONE ~2 CONTACT"),
        ("know_how", 0.90, "weet ~1 niet HOW ~3 HUMAN|SOMEONE ~2 REACH|CONTACT"),
        ("not_machine", 0.90, "HUMAN|SOMEONE ~1 NEG ~2:DET MACHINE"),
    ),
    vetoes=(
        *VERB_LAST_VETOES,
        ("negated", 0.0, "NEG ~5:SCOPE CALL|THROUGH|DESK"),
        ("negated", 0.0, "TRANSFER|bel|belt|SPEAK ~2 niet|nooit"),
        ("negated", 0.0, "hoef|hoeft|hoeven ~6 CONTACT|HUMAN|SOMEONE|TRANSFER|CALL"),
        ("negated", 0.0, "HUMAN|SOMEONE ~2 niet|nooit"),
        ("negated", 0.0, "plaats|in ~1 van ~3 HUMAN|SOMEONE|CONTACT"),
        ("whether_needed", 0.0, "^ ~1:PLEASE MUST ik|we|men ~5 HUMAN|SOMEONE|CONTACT"),
        ("conditional", 0.0, "als|wanneer|indien ik|we|men ~5 HUMAN|SOMEONE|CONTACT"),
        ("asks_whether_human", 0.0, "SPEAK ik|we TO ~3:DET HUMAN"),
        ("other_agent", 0.0, "andere|twee|drie|vier|per persoon|personen"),
    ),
    exemptions=(
        ("question", 0.0, "waarom ~3 niet"),
        ("question", 0.0, "weet ~1 niet"),
        ("question", 0.0, "^ ~1 kan|mag ik ~1 niet"),
        ("machine", 0.0, "NEG ~2:SCOPE ~2:DET MACHINE"),
    ),
)
