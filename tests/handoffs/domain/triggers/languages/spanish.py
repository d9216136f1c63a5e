"""What Spanish customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
Quiero hablar con una persona
Quiero hablar con un humano
Quisiera hablar con un asesor
Me gustaría hablar con alguien
Necesito hablar con un agente
Necesito que me atienda una persona
¿Puedo hablar con un agente, por favor?
¿Podría hablar con alguien de facturación?
¿Se puede hablar con una persona real?
¿Me puedes pasar con alguien?
¿Me pueden comunicar con un asesor?
Pásame con un agente humano
Páseme con un operador
Pónme con una persona
Póngame con su supervisor
Comuníqueme con un representante
Transfiéreme a un agente
Conéctame con un humano
Derívame con un ejecutivo
Quiero una persona, no un robot
Quiero un humano
Necesito un operador
Necesito ayuda de una persona
Dame un humano
humano
agente
Agente por favor
un asesor por favor
persona real
¿Hay alguien ahí?
¿Hay algún humano?
¿Hay alguna persona con la que pueda hablar?
¿Hay algún agente disponible?
Llámame
Llámenme por favor
¿Me pueden llamar?
¿Puede llamarme alguien?
Quiero que me llamen
Que me llame un agente
¿Cómo puedo hablar con una persona?
¿Cómo contacto con un agente?
No quiero hablar con un robot
No quiero hablar con una máquina, quiero una persona
¿Por qué no puedo hablar con una persona?
¿No puedo hablar con alguien?
No sé cómo hablar con un agente
Déjame hablar con un humano
Prefiero hablar con una persona
Quiero hablar con tu jefe
Exijo hablar con un supervisor
No, quiero hablar con un agente
Atención humana por favor
Quiero que me atienda un humano
""".strip().split("\n")

REFUSES = """
No quiero hablar con una persona
No quiero hablar con nadie
No necesito un agente
No necesito hablar con un agente
No necesito hablar con nadie
No necesito que me llamen
No me pases con un agente
No me transfieras a un agente
No me comuniques con nadie
No me llamen
No hace falta un agente
No hace falta que me pases con un agente
No hace falta hablar con una persona
No es necesario hablar con un asesor
Un agente no es necesario
Sin hablar con un agente
Sin tener que hablar con una persona
Prefiero no hablar con una persona
Preferiría no hablar con nadie
Mejor no hablar con un humano
No me gustaría hablar con un agente
No deseo hablar con un asesor
Ningún agente por favor
Nada de agentes
Nunca pedí un agente
No he pedido un agente
Tampoco quiero hablar con un agente
En lugar de hablar con un agente
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
¿Eres humano?
¿Eres una persona real?
¿Eres un robot o una persona?
¿Es usted una persona?
¿Estoy hablando con una persona?
¿Hablo con un humano?
Hablé con un agente ayer
Un agente me dijo que sí
El agente fue muy amable
Ya hablé con una persona la semana pasada
Error humano supongo
Trabajo en recursos humanos
Mi agente inmobiliario pide un comprobante
Mesa para cuatro personas
Es para otra persona
Quiero cambiar de operador
Si hablo con un agente, ¿me cobran?
Alguien robó mi teléfono
Quiero devolver mi teléfono
¿Dónde está mi pedido?
Necesito llamar a mi madre
¿Puedo llamar al extranjero?
Soy agente de viajes
""".strip().split("\n")
