"""How people ask for a human in German; umlauts arrive here without their dots."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import VERB_LAST_RULES, VERB_LAST_VETOES

GERMAN = build_language(
    code="de",
    classes={
        "HUMAN": (
            "mensch menschen person mitarbeiter mitarbeiterin mitarbeitern berater beraterin agent agenten "
            "kollege kollegen kollegin ansprechpartner kundenberater sachbearbeiter vorgesetzten vorgesetzter "
            "techniker operator"
        ),
        "SOMEONE": "jemand jemanden jemandem",
        "WANT": "will mochte mochten wurde muss wunsche wollen gerne gern lieber",
        "DESIRE": "will mochte brauche wunsche benotige geben hole holen",
        "CONTACT": "sprechen reden chatten telefonieren schreiben unterhalten erreichen kontaktieren",
        "TO": "mit zu zum an",
        "DET": (
            "ein eine einen einem einer der die das dem den echt echte echten echter richtigen richtige "
            "anderen andere menschlichen menschlicher menschliche lebenden kundendienst kundenservice ihrem "
            "ihren eurem bitte"
        ),
        "TRANSFER": (
            "verbinde verbinden verbunden verbindet weiterleiten weiter durchstellen stellen leiten ubergeben"
        ),
        "ASK": "kann konnte konnten konnen darf moglich gibt",
        "HOW": "wie wo",
        "PLEASE": "bitte danke hallo jetzt sofort endlich ja ok nur mit",
        "NEG": "nicht kein keine keinen keinem keiner ohne nie niemals niemand",
        "SCOPE": "mit ein eine einen einem zu mehr unbedingt wirklich gerne mich",
        "BE": "bist sind ist bin",
        "YOU": "du sie das ich",
        "STOP": "nicht kein keine keinen keinem keiner ohne nie aber wenn weil ob dass obwohl",
    },
    anchors="HUMAN SOMEONE",
    forgiven="menschen mitarbeiter mitarbeiterin berater person",
    rules=VERB_LAST_RULES,
    vetoes=VERB_LAST_VETOES,
)
