"""Ordinary messages to a shop in the languages no collected message is in, written for this and by us.

They teach the vectors of `train_topics` which directions are only the language, so that two messages are not alike for
being both in Spanish.
"""

SPANISH = """
Buenos días, tengo una pregunta sobre mi factura
¿Cuándo llega mi paquete?
Quiero devolver los zapatos que compré la semana pasada
¿Puedo pagar con tarjeta o solo en efectivo?
El código de descuento no funciona
He olvidado mi contraseña y no puedo iniciar sesión
¿Hay otra talla de esta camisa?
Me gustaría cancelar la reserva del sábado
¿Cómo puedo cambiar mi número de teléfono?
La pantalla se queda en negro cuando la enciendo
No he recibido el correo de confirmación
¿Qué documentos necesito para abrir una cuenta?
Mi pedido es el 4471 y todavía no ha salido
Muchas gracias por la ayuda, hasta luego
¿Hacen envíos a las islas?
Sí, es para mi hija, tiene seis años
El técnico no vino hoy y lo estuve esperando
¿Está incluido el desayuno en el precio?
Por favor, mándeme los detalles del contrato
Vale, lo miro esta noche en casa
"""
FRENCH = """
Bonjour, j'ai une question sur ma facture
Quand est-ce que mon paquet arrive ?
Je veux renvoyer les chaussures achetées la semaine dernière
Est-ce que je peux payer par carte ou seulement en espèces ?
Le code de réduction ne marche pas
J'ai oublié mon mot de passe et je ne peux plus entrer
Est-ce qu'il y a une autre taille pour cette chemise ?
J'aimerais annuler la réservation de samedi
Comment changer mon numéro de téléphone ?
L'écran reste noir quand je l'allume
Je n'ai pas reçu le message de confirmation
Quels documents faut-il pour ouvrir un compte ?
Ma commande est la 4471 et elle n'est pas encore partie
Merci beaucoup pour votre aide, à bientôt
Livrez-vous aussi dans les îles ?
Oui, c'est pour ma fille, elle a six ans
Le technicien n'est pas venu aujourd'hui alors que je l'attendais
Le petit déjeuner est-il compris dans le prix ?
Envoyez-moi les détails du contrat s'il vous plaît
D'accord, je regarde ça ce soir à la maison
"""
GERMAN = """
Guten Tag, ich habe eine Frage zu meiner Rechnung
Wann kommt mein Paket an?
Ich will die Schuhe zurückgeben, die ich letzte Woche gekauft habe
Kann ich mit Karte bezahlen oder nur bar?
Der Rabattcode funktioniert nicht
Ich habe mein Passwort vergessen und kann mich nicht anmelden
Gibt es das Hemd auch in einer anderen Größe?
Ich würde gern die Reservierung am Samstag absagen
Wie kann ich meine Telefonnummer ändern?
Der Bildschirm bleibt schwarz, wenn ich ihn einschalte
Die Bestätigung habe ich nicht bekommen
Welche Unterlagen brauche ich für ein Konto?
Meine Bestellnummer ist 4471 und sie ist noch nicht unterwegs
Vielen Dank für die Hilfe, bis bald
Liefern Sie auch auf die Inseln?
Ja, es ist für meine Tochter, sie ist sechs Jahre alt
Der Techniker war heute nicht da und ich habe auf ihn gewartet
Ist das Frühstück im Preis enthalten?
Bitte schicken Sie mir die Einzelheiten zum Vertrag
Gut, das sehe ich mir heute Abend zu Hause an
"""
ITALIAN = """
Buongiorno, ho una domanda sulla mia fattura
Quando arriva il mio pacco?
Vorrei restituire le scarpe che ho comprato la settimana scorsa
Posso pagare con la carta o solo in contanti?
Il codice sconto non funziona
Ho dimenticato la password e non riesco a entrare
C'è un'altra taglia di questa camicia?
Mi piacerebbe annullare la prenotazione di sabato
Come posso cambiare il mio numero di telefono?
Lo schermo resta nero quando lo accendo
Non ho ricevuto la conferma
Quali documenti servono per aprire un conto?
Il mio ordine è il 4471 e non è ancora partito
Grazie mille per l'aiuto, a presto
Spedite anche nelle isole?
Sì, è per mia figlia, ha sei anni
Il tecnico oggi non è venuto e lo stavo aspettando
La colazione è compresa nel prezzo?
Per favore mi mandi i dettagli del contratto
Va bene, lo guardo stasera a casa
"""
PORTUGUESE = """
Bom dia, tenho uma dúvida sobre a minha fatura
Quando chega o meu pacote?
Quero devolver os sapatos que comprei na semana passada
Posso pagar com cartão ou só em dinheiro?
O código de desconto não funciona
Esqueci a minha senha e não consigo entrar
Tem outro tamanho desta camisa?
Gostaria de cancelar a reserva de sábado
Como posso mudar o meu número de telefone?
A tela fica preta quando eu ligo
Não recebi o e-mail de confirmação
Quais documentos são precisos para abrir uma conta?
O meu pedido é o 4471 e ainda não saiu
Muito obrigado pela ajuda, até logo
Vocês entregam também nas ilhas?
Sim, é para a minha filha, ela tem seis anos
O técnico não veio hoje e eu estava à espera
O café da manhã está incluído no preço?
Por favor, mande os detalhes do contrato
Está bem, vejo isso hoje à noite em casa
"""
DUTCH = """
Goedemorgen, ik heb een vraag over mijn factuur
Wanneer komt mijn pakket aan?
Ik wil de schoenen terugsturen die ik vorige week heb gekocht
Kan ik met een kaart betalen of alleen contant?
De kortingscode werkt niet
Ik ben mijn wachtwoord vergeten en kan niet inloggen
Is er een andere maat van dit overhemd?
Ik zou graag de reservering van zaterdag annuleren
Hoe kan ik mijn telefoonnummer wijzigen?
Het scherm blijft zwart als ik het aanzet
Ik heb de bevestiging niet gekregen
Welke papieren heb ik nodig voor een rekening?
Mijn bestelling is 4471 en die is nog niet verstuurd
Heel erg bedankt voor de hulp, tot ziens
Leveren jullie ook op de eilanden?
Ja, het is voor mijn dochter, ze is zes jaar
De monteur was er vandaag niet en ik heb op hem gewacht
Is het ontbijt bij de prijs inbegrepen?
Stuur me alstublieft de gegevens van het contract
Goed, ik kijk er vanavond thuis naar
"""
LANGUAGES = tuple(
    tuple(line for line in block.splitlines() if line)
    for block in (SPANISH, FRENCH, GERMAN, ITALIAN, PORTUGUESE, DUTCH)
)
