"""How people ask for a human in Spanish, and what only looks like it; accents arrive folded."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_CERTAIN, ROMANCE_RULES, ROMANCE_VETOES

SPANISH = build_language(
    code="es",
    classes={
        "HUMAN": (
            "persona humano humana agente operador operadora asesor asesora representante empleado empleada "
            "encargado encargada gerente supervisor supervisora ejecutivo ejecutiva companero companera jefe jefa "
            "responsable humanos personas agentes tecnico colega comercial"
        ),
        "SOMEONE": "alguien",
        "DESK": (
            "facturacion ventas soporte recepcion reservas departamento atencion servicio equipo reclamaciones "
            "administracion sucursal tienda centralita"
        ),
        "WANT": (
            "quiero quisiera necesito gustaria deseo prefiero querria queria puedo tengo ayudame ayuda exijo solicito "
            "requiero debo urge queremos necesitamos preferiria pido"
        ),
        "DESIRE": "quiero quisiera necesito deseo prefiero querria deme dame busco denme exijo solicito requiero",
        "CONTACT": (
            "hablar chatear comunicar comunicarme contactar contactarme conversar platicar conectarme charlar hablarle "
            "dirigirme tratar"
        ),
        "REACH": "hablo contacto comunico encuentro consigo localizo",
        "TO": "con a al de",
        "OF": "de por que una un",
        "DET": (
            "un una el la los de del real verdadero verdadera otro otra ser servicio atencion cliente su humano humana "
            "tu algun alguna vuestro ventas soporte carne hueso departamento facturacion equipo reales mi"
        ),
        "TRANSFER": (
            "pasame paseme pasarme pasar transfiereme transfierame transferirme comunicame comuniqueme comunicarme "
            "comunicar conectame conecteme derivame deriveme ponme pongame transferir conectar derivar pases pase "
            "transfieras transfiera comuniques comunique derivarme conectarme pasenme comuniquenme ponerme"
        ),
        "TOUCH": "contacto",
        "ME": "me nos hablar",
        "LET": "dejame dejeme dejenme permitame permiteme",
        "ASK": "puedo podria podemos puede puedes podrias posible hay pueden podrian podeis",
        "HOW": "como donde",
        "WHY": "por que porque",
        "KNOW": "se sabe",
        "HELP": "ayuda",
        "HUMAN_HELP": "humana",
        "ATTEND": "atienda atiendan atendido atendida ayude atender",
        "THERE": "hay esta existe",
        "HERE": "ahi aqui disponible disponibles alli real linea",
        "CALL_ME": "llamame llameme llamenme llamarme llamen llamar llame llamadme llamada contactenme contacten",
        "PLEASE": "por favor gracias hola ya ahora si ok con mejor solo urgente pues que",
        "MACHINE": "robot maquina bot chatbot computadora ordenador ia robots maquinas bots programa",
        "NEG": "no sin nunca tampoco ningun ninguna ni nada",
        "SCOPE": (
            "quiero necesito quisiera hace falta me un una hablar de con la el que gustaria deseo es necesario "
            "ser otro "
            "tener pases a he pedi pedido haga favor hacer prefiero preciso tengo quiera los las se le al pase"
        ),
        "KNOWN": "personal personaje",
        "NEEDED": "necesario necesaria necesito falta hace",
        "INSTEAD": "lugar vez antes mejor",
        "IF": "si cuando",
        "BE": "eres es usted estoy estas hablando",
        "YOU": "tu usted esto un hablando yo",
        "STOP": "no sin ni nunca pero porque si cuando para",
    },
    anchors="HUMAN SOMEONE DESK TRANSFER CALL_ME MACHINE HUMAN_HELP",
    forgiven="persona operador representante supervisor alguien",
    rules=(
        *ROMANCE_RULES,
        ("bare", 0.92, "^ ~2:PLEASE atencion humana|personalizada ~3:PLEASE $"),
        ("callback", 0.93, "^ ~1:PLEASE que ~1 CALL_ME ~1 ~3:DET HUMAN"),
        ("attended", 0.93, "me ASK? atender|ayudar ~3:DET HUMAN|SOMEONE"),
        ("attended", 0.92, "HUMAN|SOMEONE ~2 me atienda|ayude|atender"),
        ("how_to", 0.90, "TO quien ASK CONTACT"),
        ("callback", 0.93, "me ASK ~1 CALL_ME"),
        ("callback", 0.93, "WANT que me CALL_ME"),
    ),
    certain=ROMANCE_CERTAIN,
    vetoes=(
        *ROMANCE_VETOES,
        ("negated", 0.0, "no me CALL_ME|TRANSFER"),
        ("negated", 0.0, "mejor|prefiero|preferiria|gustaria no CONTACT"),
        ("asks_whether_human", 0.0, "estoy|estamos hablando ~1 TO ~3:DET HUMAN"),
        ("other_agent", 0.0, "madre|padre|extranjero|amigo|amiga|banco|casa ~2"),
        ("other_agent", 0.0, "TRANSFER|cambiar mi|la|el|una ~3 TO ~1 otra persona"),
        ("other_agent", 0.0, "CALL_ME a|al mi|madre|extranjero|otro|la"),
        ("other_agent", 0.0, "cambiar|cambio de operador|operadora"),
        ("other_agent", 0.0, "agente|agentes inmobiliario|inmobiliaria|de viajes|viaje|seguros"),
        ("other_human", 0.0, "recursos|derechos|error|errores humanos|humano"),
    ),
    exemptions=(
        ("question", 0.0, "WHY ~2 NEG ASK"),
        ("question", 0.0, "NEG KNOW"),
        ("machine", 0.0, "NEG ~3:SCOPE CONTACT TO ~3:DET MACHINE"),
        ("machine", 0.0, "NEG ~2:DET MACHINE"),
    ),
)
