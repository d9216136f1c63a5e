"""How people ask for a human in German, and what only looks like it; umlauts arrive here without their dots."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import VERB_LAST_RULES, VERB_LAST_VETOES

GERMAN = build_language(
    code="de",
    classes={
        "HUMAN": (
            "mensch menschen person mitarbeiter mitarbeiterin mitarbeitern berater beraterin agent agenten "
            "kollege kollegen kollegin ansprechpartner ansprechpartnerin kundenberater kundenberaterin sachbearbeiter "
            "sachbearbeiterin vorgesetzten vorgesetzter vorgesetzte techniker operator chef chefin teamleiter "
            "kundenbetreuer betreuer verantwortlichen filialleiter"
        ),
        "SOMEONE": "jemand jemanden jemandem wem",
        "DESK": (
            "buchhaltung support kundendienst kundenservice abteilung zentrale rezeption vertrieb technik "
            "fachabteilung "
            "rechnungsabteilung reservierung empfang hotline team filiale kundencenter beschwerdestelle"
        ),
        "WANT": (
            "will mochte mochten wurde muss wunsche wollen gerne gern lieber mocht hatte bestehe verlange fordere "
            "darauf"
        ),
        "DESIRE": (
            "will mochte brauche brauch wunsche benotige geben gib gebt hole holen hol holt bevorzuge verlange fordere"
        ),
        "CONTACT": (
            "sprechen reden chatten telefonieren schreiben unterhalten erreichen kontaktieren sprech quatschen klaren "
            "gesprochen"
        ),
        "REACH": "erreiche erreicht kontaktiere bekomme spreche finde komme",
        "TO": "mit zu zum zur an",
        "DET": (
            "ein eine einen einem einer der die das dem den echt echte echten echter echtes richtigen richtige "
            "richtiger "
            "anderen andere menschlichen menschlicher menschliche lebenden lebendigen kundendienst kundenservice ihrem "
            "ihren eurem euren eure ihre deinen deinem bitte vom zustandigen kompetenten aus support menschliches "
            "nem nen einfach sofort"
        ),
        "TRANSFER": (
            "verbinde verbinden verbunden verbindet verbind weiterleiten weiter durchstellen stellen stell stellt "
            "leiten "
            "leite leitet ubergeben weitergeleitet durchgestellt vermitteln gib weiterverbinden"
        ),
        "THROUGH": "durchstellen weiterverbinden weiterleiten verbinden durchgestellt weitergeleitet verbunden",
        "PART": "durch weiter",
        "CALL": "zuruckrufen anrufen melden kontaktieren anruft zuruckruft meldet ruckruf zuruckgerufen angerufen",
        "CALL_BACK": "ruckruf ruckrufs zuruckgerufen",
        "ASK": "kann konnte konnten konnen darf moglich gibt konnt kannst durfte",
        "HOW": "wie wo",
        "HERE": (
            "da hier dort irgendwo noch jemals denn bei euch ihnen online echtes echter verfugbar erreichbar vielleicht"
        ),
        "PLEASE": "bitte danke hallo jetzt sofort endlich ja ok nur mit einfach doch gerne gern dringend nein",
        "ME": "mich mir uns",
        "MACHINE": "bot roboter maschine chatbot computer automaten ki robotern bots maschinen programm automat",
        "NEG": "nicht kein keine keinen keinem keiner ohne nie niemals niemand keinesfalls statt anstatt",
        "SCOPE": (
            "mit ein eine einen einem einer zu zum an den dem die mehr unbedingt wirklich gerne mich mir nach um "
            "lieber einfach bitte auf der extra gleich"
        ),
        "NEEDED": "notig notwendig erforderlich brauche brauchen gebraucht",
        "MUST": "muss mussen soll sollte brauche",
        "BE": "bist sind ist bin",
        "YOU": "du sie das ich ihr",
        "STOP": "nicht kein keine keinen keinem keiner ohne nie aber wenn weil ob dass obwohl hat haben",
    },
    anchors="HUMAN SOMEONE DESK THROUGH CALL MACHINE TRANSFER rufen ruf ruft",
    forgiven="menschen mitarbeiter mitarbeiterin berater person ansprechpartner",
    expansions={"gibt's": "gibt es", "ist's": "ist es", "'nem": "nem", "mit'm": "mit dem"},
    rules=(
        *VERB_LAST_RULES,
        ("wants_desk", 0.92, "WANT|ASK ~5 TO ~3:DET DESK ~3 CONTACT|TRANSFER"),
        ("wants_desk", 0.92, "WANT|ASK ~5 SOMEONE ~3:DET DESK ~3 CONTACT"),
        ("insists", 0.95, "WANT ~2 TO ~4:DET HUMAN|SOMEONE zu CONTACT"),
        ("spoken", 0.93, "WANT gern|gerne ~3:DET HUMAN|SOMEONE ~2 CONTACT"),
        ("wants", 0.93, "hatte gern|gerne ~3:DET HUMAN ~2:PLEASE $"),
        ("wants_someone", 0.92, "DESIRE wen|jemand|jemanden echtes|echten|menschliches"),
        ("contact", 0.93, "^ ~2:PLEASE HUMAN|SOMEONE sprechen $"),
        ("let_me", 0.95, "lassen|lass|lasst ~2 TO ~4:DET HUMAN|SOMEONE|DESK ~2 CONTACT"),
        ("how_to", 0.94, "HOW ~4 REACH ~1 ~4:DET HUMAN|SOMEONE"),
        ("how_to", 0.94, "HOW ~4 ~4:DET HUMAN|SOMEONE REACH|CONTACT"),
        ("how_to", 0.94, "HOW ~3 REACH ~1 TO ~4:DET HUMAN|SOMEONE"),
        ("transfer_me", 0.95, "TRANSFER ~4 TO ~4:DET DESK"),
        ("transfer_me", 0.93, "TRANSFER ~4 TO ~4:DET HUMAN|SOMEONE|DESK ~1 PART"),
        ("put_through", 0.93, "TRANSFER YOU? ~1 ME ~2 PART"),
        ("put_through", 0.93, "ASK ~2 ME ~2 THROUGH"),
        ("put_through", 0.93, "ME ~3 THROUGH $"),
        ("put_through", 0.93, "^ ~2:PLEASE THROUGH ~2:PLEASE $"),
        ("wants", 0.93, "ME ~1 ~3:DET HUMAN geben|holen"),
        ("wants_help_of", 0.92, "hilfe von ~4:DET HUMAN|SOMEONE"),
        ("is_there", 0.92, "^ ~2:PLEASE ist|gibt|sind|arbeitet es? ~2:HERE ~4:DET HUMAN|SOMEONE ~3:HERE $"),
        ("is_there", 0.93, "ist|gibt|sind ~3 HUMAN|SOMEONE ~4 CONTACT"),
        ("is_there", 0.90, "gibt es ~2:HERE ~3:DET HUMAN|SOMEONE"),
        ("callback", 0.93, "rufen|ruf|ruft YOU? ~1 ME ~4 an|zuruck"),
        ("callback", 0.93, "ASK|WANT ~3 ME ~3 CALL"),
        ("callback", 0.93, "^ ~2:PLEASE um|einen ~1 CALL_BACK"),
        ("callback", 0.93, "bitte|WANT|DESIRE|erbitte|bitten ~3 CALL_BACK"),
        ("callback", 0.93, "WANT|SOMEONE ~3 CALL werden"),
        ("callback", 0.93, "HUMAN|SOMEONE ~3 ME ~4 CALL|melden"),
        ("callback", 0.93, "SOMEONE|HUMAN soll|sollte|muss ~3 CALL"),
        ("takes_over", 0.92, "HUMAN|SOMEONE ~3 ubernehmen|helfen"),
        ("rather", 0.93, "rede|spreche|chatte lieber TO ~4:DET HUMAN"),
    ),
    certain=(
        ("no_machine", 0.85, "NEG ~2:SCOPE ~2:DET MACHINE ~2 CONTACT"),
        ("no_machine", 0.82, "genug|schluss|satt ~2 TO|von ~2:DET MACHINE"),
        ("no_machine", 0.85, "DESIRE ~1 NEG ~2:DET MACHINE sondern"),
        ("why_not", 0.93, "warum|wieso|weshalb ~3 nicht ~2 TO ~4:DET HUMAN|SOMEONE ~2 CONTACT"),
        ("why_not", 0.93, "^ ~1 kann|konnte|darf ich ~1 nicht ~2 TO ~4:DET HUMAN|SOMEONE ~2 CONTACT"),
        ("know_how", 0.90, "weiss ~1 nicht HOW ~3 HUMAN|SOMEONE ~1 REACH|CONTACT"),
        ("not_machine", 0.90, "HUMAN|SOMEONE ~1 NEG ~2:DET MACHINE"),
    ),
    vetoes=(
        *VERB_LAST_VETOES,
        ("negated", 0.0, "NEG ~5:SCOPE CALL|THROUGH|DESK"),
        ("negated", 0.0, "HUMAN|SOMEONE|DESK ~4 nicht|nie|keinesfalls"),
        ("negated", 0.0, "TRANSFER|rufen|ruf|ruft ~3 nicht|nie"),
        ("negated", 0.0, "NEG ~1 NEEDED ~2 TO ~3:DET HUMAN"),
        ("negated", 0.0, "CALL ~2 NEG NEEDED"),
        ("whether_needed", 0.0, "^ ~1:PLEASE MUST ich|man|wir ~2 TO|HUMAN|SOMEONE ~5"),
        ("conditional", 0.0, "wenn|falls|ob ich|man|wir ~5 HUMAN|SOMEONE|CONTACT"),
        ("asks_whether_human", 0.0, "REACH|rede|sprech ich|wir ~3 TO ~4:DET HUMAN"),
        ("other_agent", 0.0, "andere|anderen|weitere|zwei|drei|vier|pro person|personen"),
        ("other_agent", 0.0, "mutter|vater|freund|freundin|ausland|frau|mann|bank ~2 CALL"),
    ),
    exemptions=(
        ("question", 0.0, "warum|wieso|weshalb ~3 nicht"),
        ("question", 0.0, "weiss ~1 nicht"),
        ("question", 0.0, "^ ~1 kann|konnte|darf ich ~1 nicht"),
        ("machine", 0.0, "NEG ~2:SCOPE ~2:DET MACHINE"),
    ),
)
