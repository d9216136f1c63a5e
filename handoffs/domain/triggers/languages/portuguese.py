"""How people ask for a human in Portuguese."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_RULES, ROMANCE_VETOES

PORTUGUESE = build_language(
    code="pt",
    classes={
        "HUMAN": (
            "pessoa humano humana atendente agente operador operadora funcionario funcionaria assistente "
            "gerente supervisor supervisora representante colega responsavel"
        ),
        "SOMEONE": "alguem",
        "WANT": "quero queria gostaria preciso desejo prefiro precisava",
        "DESIRE": "quero queria preciso desejo prefiro gostaria",
        "CONTACT": "falar conversar contatar contactar comunicar",
        "TO": "com a ao um uma",
        "DET": (
            "um uma o a de do da real verdadeiro verdadeira outro outra ser servico cliente atendimento "
            "humano humana seu"
        ),
        "TRANSFER": "transfira transferir transfere passe passa passar conecte conectar ligue encaminhe encaminhar",
        "ME": "me nos",
        "ASK": "posso poderia podemos pode podes possivel consigo",
        "HOW": "como onde",
        "PLEASE": "por favor obrigado obrigada ola oi agora sim ok com",
        "NEG": "nao sem nunca nem nenhum nenhuma",
        "SCOPE": "quero preciso gostaria de um uma falar com me que ser necessario outro outra",
        "BE": "e es voce",
        "YOU": "tu voce um",
        "STOP": "nao sem nem nunca mas se quando porque",
    },
    anchors="HUMAN SOMEONE",
    forgiven="pessoa atendente operador funcionario representante",
    rules=ROMANCE_RULES,
    vetoes=ROMANCE_VETOES,
)
