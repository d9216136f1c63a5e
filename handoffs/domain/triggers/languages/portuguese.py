"""How people ask for a human in Portuguese, of Portugal and of Brazil, and what only looks like it."""

from handoffs.domain.triggers.language import build_language
from handoffs.domain.triggers.languages.shapes import ROMANCE_CERTAIN, ROMANCE_RULES, ROMANCE_VETOES

PORTUGUESE = build_language(
    code="pt",
    classes={
        "HUMAN": (
            "pessoa humano humana atendente agente operador operadora funcionario funcionaria assistente "
            "gerente supervisor supervisora representante colega responsavel atendentes humanos chefe tecnico "
            "colaborador consultor"
        ),
        "SOMEONE": "alguem",
        "DESK": (
            "atendimento suporte faturamento faturacao reservas recepcao vendas setor departamento equipe equipa "
            "central financeiro reclamacoes ouvidoria loja servico"
        ),
        "WANT": (
            "quero queria gostaria preciso desejo prefiro precisava exijo queremos precisamos gostava peco "
            "necessito preferia "
            "preferiria"
        ),
        "DESIRE": "quero queria preciso desejo prefiro gostaria exijo procuro necessito",
        "CONTACT": "falar conversar contatar contactar comunicar tratar teclar",
        "REACH": "falo contato contacto consigo encontro chego ligo",
        "TO": "com a ao um uma para pra de",
        "OF": "de por um uma pelo pela",
        "DET": (
            "um uma o a de do da real verdadeiro verdadeira outro outra ser servico cliente atendimento seu algum "
            "alguma humano humana verdade carne osso vosso suporte ao teu qualquer"
        ),
        "TRANSFER": (
            "transfira transferir transfere passe passa passar conecte conectar ligue encaminhe encaminhar encaminha "
            "coloque colocar direcione transfiram passem"
        ),
        "TOUCH": "contato contacto",
        "ME": "me nos eu",
        "LET": "deixa deixe deixem permita",
        "ASK": "posso poderia podemos pode podes possivel consigo podem poderiam da como podia",
        "HOW": "como onde",
        "WHY": "porque que",
        "KNOW": "sei",
        "HELP": "ajuda apoio",
        "HUMAN_HELP": "humano",
        "ATTEND": "atendido atendida atenda atendam ajude contactado contatado",
        "THERE": "tem ha existe",
        "HERE": "ai aqui disponivel disponiveis la real linha",
        "CALL_ME": "liga liguem ligar ligue ligacao chamada telefonem retornem contactem",
        "PLEASE": "por favor obrigado obrigada ola oi agora sim ok com ja so urgente entao me para mim",
        "MACHINE": "robo maquina bot chatbot computador ia robos maquinas",
        "NEG": "nao sem nunca nem nenhum nenhuma nada",
        "SCOPE": (
            "quero preciso gostaria de um uma falar com me que ser necessario outro outra precisa e ha necessidade "
            "pedi para passar a o ao precisam desejo ter passe prefiro tem quis"
        ),
        "KNOWN": "pessoal pessoais",
        "NEEDED": "necessario necessaria preciso precisa",
        "INSTEAD": "vez lugar antes",
        "IF": "se quando",
        "BE": "e es voce estou falando",
        "YOU": "tu voce um a falando falar eu senhor o",
        "STOP": "nao sem nem nunca mas se quando porque",
    },
    anchors="HUMAN SOMEONE DESK TRANSFER MACHINE liga liguem ligar ligue ligacao",
    forgiven="pessoa atendente operador funcionario representante",
    rules=(
        *ROMANCE_RULES,
        ("may_i", 0.94, "tem|ha como|jeito ~1:de CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("transfer_me", 0.94, "me TRANSFER ~2:TO ~4:DET HUMAN|SOMEONE|DESK"),
        ("wants_someone", 0.92, "DESIRE de? SOMEONE para|que ~2 ajudar|ajude|atender|atenda|resolver"),
        ("fetch", 0.92, "chamar|chama|chame|chamem ~2:DET HUMAN"),
        ("is_there", 0.92, "THERE SOMEONE que ~1 possa|pode ~1 ajudar|atender|falar"),
        ("callback", 0.93, "^ ~2:PLEASE me liga|ligue|liguem|telefonem|telefone ~2:PLEASE $"),
        ("callback", 0.93, "^ ~2:PLEASE liga|ligue|liguem para|pra mim|nos"),
        ("callback", 0.93, "ASK me ligar|telefonar|contactar|contatar|retornar"),
        ("callback", 0.93, "WANT que me liguem|liguem|telefonem|contactem"),
        ("callback", 0.93, "WANT ~1:receber uma ligacao|chamada"),
    ),
    certain=(
        *ROMANCE_CERTAIN,
        ("why_not", 0.93, "por|porque que? nao posso|consigo ~1 CONTACT TO ~4:DET HUMAN|SOMEONE"),
    ),
    vetoes=(
        *ROMANCE_VETOES,
        ("negated", 0.0, "nao me ~1 TRANSFER|CALL_ME"),
        ("negated", 0.0, "nao CALL_ME"),
        ("negated", 0.0, "melhor|prefiro|preferia|preferiria nao CONTACT"),
        ("asks_whether_human", 0.0, "estou a? falando|falar ~1 TO ~3:DET HUMAN"),
        ("asks_whether_human", 0.0, "senhor|senhora e|es ~2:DET HUMAN"),
        ("other_agent", 0.0, "CALL_ME ~1 para|pra|ao ~2 mae|pai|exterior|estrangeiro|amigo|banco|minha|meu"),
        ("other_agent", 0.0, "mudar|trocar de operador|operadora"),
        ("other_agent", 0.0, "agente imobiliario|imobiliaria|de viagens|viagem|seguros"),
        ("other_agent", 0.0, "outra pessoa"),
        ("other_human", 0.0, "recursos|direitos|erro humanos|humano"),
    ),
    exemptions=(
        ("question", 0.0, "por|porque que? nao posso|consigo"),
        ("question", 0.0, "nao sei"),
        ("question", 0.0, "^ ~1 nao posso|podemos"),
        ("machine", 0.0, "NEG ~3:SCOPE CONTACT TO ~3:DET MACHINE"),
        ("machine", 0.0, "NEG ~2:DET MACHINE"),
    ),
)
