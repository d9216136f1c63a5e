"""What Portuguese and Brazilian customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
Quero falar com um atendente
Quero falar com uma pessoa
Quero falar com um humano
Gostaria de falar com alguém
Eu gostaria de falar com uma pessoa de verdade
Preciso falar com uma pessoa
Preciso falar com alguém urgente
Preciso de um atendente
Preciso de ajuda de uma pessoa
Posso falar com alguém?
Posso falar com um atendente, por favor?
Poderia falar com um responsável?
Dá para falar com um humano?
Tem como falar com um atendente?
Transfira-me para um atendente
Me transfere para um humano
Me passa para um atendente
Pode me passar para alguém?
Pode me transferir para um atendente?
Passe-me a um colega
Encaminhe para um atendente
Me conecte com uma pessoa
Coloque-me em contato com um atendente
Quero um humano, não um robô
Quero um atendente
Quero atendimento humano
humano
atendente
Atendente por favor
Uma pessoa real, por favor
Atendimento humano
Tem alguém aí?
Há alguém com quem eu possa falar?
Existe algum atendente disponível?
Tem algum humano aí?
Me liga
Liguem para mim
Podem me ligar?
Alguém pode me ligar?
Quero que me liguem
Quero receber uma ligação
Como falo com um atendente?
Como posso falar com uma pessoa?
Não quero falar com um robô
Não quero falar com uma máquina, quero uma pessoa
Por que não posso falar com uma pessoa?
Não posso simplesmente falar com alguém?
Não sei como falar com um atendente
Deixa eu falar com um humano
Quero falar com o seu gerente
Prefiro falar com uma pessoa
Não, quero falar com um atendente
Exijo falar com um supervisor
Quero ser atendido por uma pessoa
""".strip().split("\n")

REFUSES = """
Não quero falar com um atendente
Não quero falar com uma pessoa
Não quero falar com ninguém
Não quero um atendente
Não preciso de um atendente
Não preciso falar com um atendente
Não preciso falar com ninguém
Não preciso que me liguem
Não precisa me passar para um atendente
Não precisa de atendente
Não me transfira para um atendente
Não me transfere para ninguém
Não me passe para um atendente
Não me liguem
Não é preciso falar com um atendente
Não é necessário falar com uma pessoa
Não é necessário um atendente
Um atendente não é necessário
Não há necessidade de um atendente
Prefiro não falar com uma pessoa
Preferia não falar com ninguém
Melhor não falar com um humano
Não gostaria de falar com um atendente
Sem falar com um atendente
Sem atendente
Nenhum atendente por favor
Nada de atendente
Nunca pedi um atendente
Não pedi um atendente
Em vez de falar com um atendente
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
Você é humano?
Você é uma pessoa de verdade?
És um robô ou uma pessoa?
O senhor é um atendente?
Estou falando com uma pessoa?
Estou a falar com um humano?
Falei com um atendente ontem
Um atendente me disse que sim
O atendente foi muito simpático
Já falei com uma pessoa na semana passada
Erro humano, acho
Trabalho nos recursos humanos
Meu agente imobiliário pede um comprovante
Mesa para quatro pessoas
É para outra pessoa
Quero mudar de operadora
Se eu falar com um atendente, pago?
Alguém roubou meu telefone
Onde está meu pedido?
Quero cancelar o contrato
Preciso ligar para a minha mãe
Posso ligar para o exterior?
Sou agente de viagens
""".strip().split("\n")
