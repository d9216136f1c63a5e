"""How people ask for a human in Spanish."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_RULES, ROMANCE_VETOES

SPANISH = build_language(
    code="es",
    classes={
        "HUMAN": (
            "persona humano humana agente operador operadora asesor asesora representante empleado empleada "
            "encargado encargada gerente supervisor supervisora ejecutivo ejecutiva companero companera"
        ),
        "SOMEONE": "alguien",
        "WANT": "quiero quisiera necesito gustaria deseo prefiero querria queria puedo tengo ayudame ayuda",
        "DESIRE": "quiero quisiera necesito deseo prefiero querria deme dame busco",
        "CONTACT": "hablar chatear comunicar comunicarme contactar contactarme conversar platicar conectarme",
        "TO": "con a al",
        "DET": (
            "un una el la los de del real verdadero verdadera otro otra ser servicio atencion cliente su humano humana"
        ),
        "TRANSFER": (
            "pasame paseme pasarme pasar transfiereme transfierame transferirme comunicame comuniqueme "
            "conectame conecteme derivame deriveme ponme pongame"
        ),
        "ME": "me nos",
        "ASK": "puedo podria podemos puede puedes podrias posible hay",
        "HOW": "como donde",
        "PLEASE": "por favor gracias hola ya ahora si ok con",
        "NEG": "no sin nunca tampoco ningun ninguna ni",
        "SCOPE": (
            "quiero necesito quisiera hace falta me un una hablar de con la el que gustaria deseo es necesario ser otro"
        ),
        "BE": "eres es usted",
        "YOU": "tu usted esto un",
        "STOP": "no sin ni nunca pero porque si cuando",
    },
    anchors="HUMAN SOMEONE",
    forgiven="persona operador representante supervisor",
    rules=ROMANCE_RULES,
    vetoes=ROMANCE_VETOES,
)
