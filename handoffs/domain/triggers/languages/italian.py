"""How people ask for a human in Italian, and what only looks like it; accents arrive folded."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_CERTAIN, ROMANCE_RULES, ROMANCE_VETOES

ITALIAN = build_language(
    code="it",
    classes={
        "HUMAN": (
            "persona umano umana operatore operatrice agente consulente addetto addetta rappresentante operatori "
            "responsabile collega impiegato impiegata supervisore tecnico capo direttore umani incaricato"
        ),
        "SOMEONE": "qualcuno",
        "DESK": (
            "servizio assistenza clienti fatturazione prenotazioni reception ufficio reparto supporto vendite reclami "
            "amministrazione centralino negozio"
        ),
        "WANT": (
            "voglio vorrei desidero preferisco devo bisogno preferirei piacerebbe esigo pretendo vogliamo chiedo "
            "necessito dobbiamo volevo"
        ),
        "DESIRE": "voglio vorrei desidero preferisco bisogno dammi datemi serve esigo cerco necessito pretendo",
        "CONTACT": "parlare chattare contattare comunicare conversare sentire parlarne",
        "REACH": "parlo contatto raggiungo trovo contattare sento",
        "TO": "con a ad un una al col di",
        "OF": "di da d un una",
        "DET": (
            "un una un' uno il la l di d vero vera reale altro altra essere servizio clienti assistenza carne ossa "
            "vostro umano umana suo tuo in e qualche vostra del"
        ),
        "TRANSFER": (
            "passami passatemi passi passarmi passare trasferiscimi trasferitemi trasferirmi collegami trasferire "
            "collegatemi mettimi mettetemi metta connettimi mettermi collegarmi trasferisca inoltrami connettermi"
        ),
        "TOUCH": "contatto comunicazione",
        "ME": "mi ci me",
        "LET": "fammi faccia fatemi lasciami lasciatemi mi",
        "ASK": "posso potrei possiamo puo potete puoi possibile potrebbe potresti",
        "HOW": "come dove",
        "WHY": "perche",
        "KNOW": "so",
        "HELP": "aiuto assistenza",
        "HUMAN_HELP": "umano",
        "ATTEND": "contattato contattata richiamato richiamata aiutato aiutata assistito assistita",
        "THERE": "c e ci esiste sono",
        "HERE": "qui li disponibile disponibili la reale linea vero vera in",
        "CALL_ME": (
            "richiamatemi richiamami richiamarmi chiamatemi chiamarmi chiamami richiamare contattatemi contattarmi"
        ),
        "PLEASE": "per favore grazie ciao buongiorno adesso ora subito si ok con solo cortesia piacere scusa",
        "MACHINE": "robot macchina bot chatbot computer ia macchine automa",
        "NEG": "non senza nessun nessuna mai ne niente",
        "SCOPE": (
            "voglio vorrei ho bisogno di un una parlare con serve mi che essere necessario altro c e mai chiesto a il "
            "la ce d passi desidero occorre bisogna preferisco dover al mettetemi in devo"
        ),
        "KNOWN": "personale personali persone",
        "NEEDED": "necessario necessaria serve occorre",
        "INSTEAD": "piuttosto invece anziche",
        "IF": "se quando",
        "BE": "sei siete sto parlo parlando",
        "YOU": "tu lei un parlando io e",
        "STOP": "non senza nessun mai ma se quando perche",
    },
    anchors="HUMAN SOMEONE DESK TRANSFER MACHINE CALL_ME ATTEND",
    forgiven="persona operatore operatrice rappresentante qualcuno",
    rules=(
        *ROMANCE_RULES,
        ("insists", 0.95, "esigo|pretendo|chiedo di CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("wants", 0.93, "mi serve|serverebbe|occorre ~3:DET HUMAN"),
        ("let_me", 0.95, "mi? faccia|fate|fai CONTACT TO ~4:DET HUMAN|SOMEONE|DESK"),
        ("how_to", 0.94, "come faccio|posso|si ~2 CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("transfer_me", 0.93, "mi? ASK TRANSFER ~4:DET HUMAN|SOMEONE|DESK"),
        ("transfer_me", 0.93, "mi passi|passa|passate|passano ~3:DET HUMAN|SOMEONE|DESK"),
        ("may_i", 0.92, "ASK avere ~3:DET HUMAN"),
        ("callback", 0.93, "ASK farmi|fatemi richiamare|chiamare"),
        ("callback", 0.93, "mi ASK richiamare|chiamare|contattare"),
        ("callback", 0.93, "WANT essere ATTEND"),
        ("callback", 0.93, "SOMEONE|HUMAN mi ~1 richiami|chiami|contatti"),
        ("bare", 0.92, "^ ~2:PLEASE HUMAN vero|vera|reale|umano|umana ~3:PLEASE $"),
    ),
    certain=(
        *ROMANCE_CERTAIN,
        ("why_not", 0.93, "perche non si? ASK ~1 CONTACT TO ~4:DET HUMAN|SOMEONE"),
    ),
    vetoes=(
        *ROMANCE_VETOES,
        ("negated", 0.0, "non mi ~1 passi|passare|TRANSFER|CALL_ME|serve"),
        ("negated", 0.0, "meglio|preferisco|preferirei non CONTACT"),
        ("negated", 0.0, "piuttosto che CONTACT"),
        ("asks_whether_human", 0.0, "lei|tu e|sei ~2:DET HUMAN"),
        ("asks_whether_human", 0.0, "sto parlando TO ~3:DET HUMAN"),
        ("asks_whether_human", 0.0, "parlo TO ~3:DET HUMAN"),
        ("other_agent", 0.0, "chiamare|richiamare ~1 mia|mio|madre|estero|amico"),
        ("other_agent", 0.0, "cambiare operatore|gestore|consulente"),
        ("other_agent", 0.0, "agente immobiliare|assicurativo|di viaggio|viaggi"),
        ("other_agent", 0.0, "altra persona"),
        ("other_human", 0.0, "risorse|errore|diritti umane|umano|umani"),
    ),
    exemptions=(
        ("question", 0.0, "perche non si? ASK"),
        ("question", 0.0, "non so"),
        ("question", 0.0, "^ ~1 non posso|possiamo|potrei"),
        ("machine", 0.0, "NEG ~3:SCOPE CONTACT TO ~3:DET MACHINE"),
        ("machine", 0.0, "NEG ~2:DET MACHINE"),
    ),
)
