"""How people ask for a human in Italian."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_RULES, ROMANCE_VETOES

ITALIAN = build_language(
    code="it",
    classes={
        "HUMAN": (
            "persona umano umana operatore operatrice agente consulente addetto addetta rappresentante "
            "responsabile collega impiegato impiegata supervisore"
        ),
        "SOMEONE": "qualcuno",
        "WANT": "voglio vorrei desidero preferisco devo bisogno preferirei",
        "DESIRE": "voglio vorrei desidero preferisco bisogno dammi datemi",
        "CONTACT": "parlare chattare contattare comunicare conversare sentire",
        "TO": "con a ad un una",
        "DET": (
            "un una un' uno il la l di d vero vera reale altro altra essere servizio clienti assistenza "
            "vostro umano umana"
        ),
        "TRANSFER": (
            "passami passatemi passi passarmi passare trasferiscimi trasferitemi trasferirmi collegami "
            "collegatemi mettimi mettetemi metta connettimi"
        ),
        "ME": "mi ci",
        "ASK": "posso potrei possiamo puo potete puoi possibile",
        "HOW": "come dove",
        "PLEASE": "per favore grazie ciao buongiorno adesso ora subito si ok con",
        "NEG": "non senza nessun nessuna mai ne",
        "SCOPE": "voglio vorrei ho bisogno di un una parlare con serve mi che essere necessario altro",
        "BE": "sei e siete lei",
        "YOU": "tu lei un",
        "STOP": "non senza nessun mai ma se quando perche",
    },
    anchors="HUMAN SOMEONE",
    forgiven="persona operatore operatrice rappresentante qualcuno",
    rules=ROMANCE_RULES,
    vetoes=ROMANCE_VETOES,
)
