"""What French customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
Je voudrais parler à un conseiller
Je veux parler à quelqu'un
Je souhaite parler à un humain
J'aimerais parler à une vraie personne
Est-ce que je peux parler à quelqu'un ?
Puis-je parler à un conseiller ?
Pourrais-je parler à un responsable ?
Peut-on parler à un être humain ?
Passez-moi un conseiller
Passe-moi un humain
Passez-moi le service facturation
Pouvez-vous me passer quelqu'un ?
Pouvez-vous me mettre en relation avec un agent ?
Mettez-moi en contact avec un conseiller
Transférez-moi à un agent
Transférez-moi vers le service client
Je veux être mis en relation avec un humain
J'ai besoin de parler à une vraie personne
J'ai besoin d'un humain
J'ai besoin d'aide d'un conseiller
Je veux un humain, pas un robot
Je veux un conseiller
humain
un conseiller s'il vous plaît
Conseiller svp
Une vraie personne, merci
Y a-t-il un humain ?
Y a-t-il quelqu'un à qui parler ?
Il y a quelqu'un ?
Est-ce qu'il y a un conseiller disponible ?
Rappelez-moi
Pouvez-vous me rappeler ?
Quelqu'un peut-il m'appeler ?
Je voudrais être rappelé
Merci de me rappeler
Est-ce qu'un conseiller peut me contacter ?
Comment joindre un conseiller ?
Comment puis-je contacter un humain ?
Comment parler à quelqu'un ?
Je préfère parler à une personne
Je ne veux pas parler à un robot
Je ne veux pas d'un robot, je veux un humain
Pourquoi je ne peux pas parler à un humain ?
Je ne peux pas simplement parler à quelqu'un ?
Je ne sais pas comment joindre un conseiller
Laissez-moi parler à un humain
Je dois parler à quelqu'un d'urgence
Je veux parler à votre responsable
Non, je veux parler à un conseiller
Je demande à parler à un responsable
J'exige de parler à un humain
On peut me passer un opérateur ?
""".strip().split("\n")

REFUSES = """
Je ne veux pas parler à un agent
Je ne veux pas parler à un humain
Je veux pas parler à un conseiller
Je ne souhaite pas parler à un conseiller
Pas besoin d'un conseiller
Pas besoin de parler à un conseiller
Je n'ai pas besoin d'un humain
J'ai pas besoin de parler à quelqu'un
Je n'ai pas besoin de parler à quelqu'un
Je ne veux parler à personne
Je n'ai besoin de personne
Inutile de me passer un conseiller
Inutile de me transférer
Ce n'est pas la peine de me passer un conseiller
Pas la peine d'appeler un conseiller
Ne me transférez pas à un agent
Ne me passez pas un conseiller
Ne me mettez pas en relation avec un agent
Ne me rappelez pas
Pas de conseiller s'il vous plaît
Pas d'humain merci
Je préfère ne pas parler à un humain
Je préfère éviter de parler à un conseiller
Sans parler à un conseiller
Je veux régler ça sans conseiller
Un conseiller n'est pas nécessaire
Je n'ai jamais demandé un conseiller
Plutôt que de parler à un conseiller
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
Êtes-vous humain ?
Es-tu un humain ou un robot ?
Vous êtes une vraie personne ?
Est-ce que je parle à un humain ?
Suis-je en train de parler à un robot ?
J'ai parlé à un conseiller hier
Un conseiller m'a dit que c'était possible
Votre conseiller était très aimable
Personne ne répond
Il n'y a personne
Personne ne me répond depuis trois jours
C'est une erreur humaine
Je travaille aux ressources humaines
Mon agent immobilier demande un justificatif
Une table pour quatre personnes
C'est pour une autre personne
Je veux changer d'opérateur
Dois-je parler à un conseiller pour résilier ?
Si je parle à un conseiller, c'est payant ?
Quelqu'un a volé mon téléphone
Je veux résilier mon contrat
Où est ma commande ?
Comment appeler à l'étranger ?
Je dois appeler ma mère
Je suis agent de voyage
""".strip().split("\n")
