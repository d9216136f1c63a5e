"""What Italian customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
Vorrei parlare con un operatore
Voglio parlare con una persona
Voglio parlare con qualcuno
Desidero parlare con un consulente
Mi piacerebbe parlare con una persona vera
Posso parlare con qualcuno?
Potrei parlare con un operatore?
Si può parlare con un umano?
Devo parlare con un responsabile
Ho bisogno di parlare con una persona
Ho bisogno di un operatore umano
Mi serve un operatore
Passami una persona
Mi passi un operatore
Passatemi il servizio clienti
Può passarmi un operatore?
Mi può passare qualcuno?
Mi metta in contatto con un operatore
Mettimi in contatto con un umano
Può mettermi in contatto con qualcuno?
Trasferiscimi a un operatore
Collegami con un operatore
Voglio un umano, non un robot
Voglio una persona
Dammi un operatore
umano
operatore
operatore per favore
Una persona vera per favore
Operatore umano
C'è qualcuno?
C'è una persona vera?
C'è un operatore disponibile?
C'è qualcuno con cui posso parlare?
Richiamatemi
Potete richiamarmi?
Mi può richiamare qualcuno?
Qualcuno può chiamarmi?
Vorrei essere richiamato
Voglio essere contattato da un operatore
Come posso parlare con un operatore?
Come faccio a parlare con una persona?
Come contatto un operatore?
Non voglio parlare con un robot
Non voglio parlare con una macchina, voglio una persona
Perché non posso parlare con una persona?
Non posso semplicemente parlare con qualcuno?
Non so come contattare un operatore
Fammi parlare con un umano
Mi faccia parlare con il suo responsabile
Preferisco parlare con una persona
No, voglio parlare con un operatore
Esigo di parlare con un responsabile
""".strip().split("\n")

REFUSES = """
Non voglio parlare con un operatore
Non voglio parlare con una persona
Non voglio parlare con nessuno
Non voglio un operatore
Non vorrei parlare con un operatore
Non ho bisogno di un operatore
Non ho bisogno di parlare con nessuno
Non ho bisogno di parlare con una persona
Non mi serve un operatore
Non serve un operatore
Non serve parlare con un operatore
Non è necessario parlare con un operatore
Non c'è bisogno di un operatore
Non c'è bisogno di passarmi un operatore
Un operatore non è necessario
Non mi passi un operatore
Non passarmi un operatore
Non trasferirmi a un operatore
Non mettetemi in contatto con un operatore
Non richiamatemi
Non chiamatemi
Niente operatore per favore
Nessun operatore, grazie
Preferisco non parlare con una persona
Preferirei non parlare con nessuno
Meglio non parlare con un operatore
Senza parlare con un operatore
Senza operatore
Non ho mai chiesto un operatore
Piuttosto che parlare con un operatore
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
Sei umano?
Sei una persona vera?
Sei un robot o una persona?
Lei è un operatore?
Sto parlando con una persona?
Parlo con un umano?
Ho parlato ieri con un operatore
Un operatore mi ha detto di sì
Il vostro operatore è stato gentile
Errore umano credo
Lavoro nelle risorse umane
Il mio agente immobiliare chiede un documento
Un tavolo per quattro persone
È per un'altra persona
Voglio cambiare operatore
Se parlo con un operatore costa?
Qualcuno ha rubato il mio telefono
Dov'è il mio ordine?
Voglio disdire il contratto
Devo chiamare mia madre
Posso chiamare all'estero?
Sono un agente di viaggio
""".strip().split("\n")
