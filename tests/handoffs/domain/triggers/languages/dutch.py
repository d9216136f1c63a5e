"""What Dutch customers write who ask for a person, who ask for none, and who mean something else."""

ASKS = """
Ik wil met een mens praten
Ik wil een mens spreken
Kan ik met een medewerker spreken?
Kan ik iemand spreken?
Mag ik iemand van de klantenservice spreken?
Ik zou graag een medewerker spreken
Ik wil graag met een echt persoon chatten
Verbind me door met een medewerker
Kunt u mij doorverbinden met een medewerker?
Kun je me doorverbinden?
Graag doorverbinden
Zet me door naar een collega
Stuur me door naar de afdeling facturatie
Ik wil doorverbonden worden
Ik wil een mens, geen robot
Ik heb een mens nodig
Ik heb hulp nodig van een medewerker
Geef me een mens
Geef mij maar een medewerker
medewerker
Medewerker alsjeblieft
Mens aub
Een echt mens graag
Is er een mens aanwezig?
Is daar iemand?
Is er iemand met wie ik kan praten?
Is er een medewerker beschikbaar?
Bel me terug
Kunt u mij terugbellen?
Kan iemand mij bellen?
Ik wil teruggebeld worden
Graag teruggebeld worden
Hoe kan ik een medewerker bereiken?
Hoe krijg ik een mens aan de lijn?
Krijg ik nog een mens te spreken?
Ik wil je leidinggevende spreken
Mag ik je manager?
Ik wil niet met een robot praten
Ik wil niet met een bot praten, ik wil een mens
Waarom kan ik niet met een mens praten?
Kan ik niet gewoon met iemand praten?
Ik weet niet hoe ik een medewerker bereik
Laat me met een mens praten
Ik moet dringend iemand spreken
Nee, ik wil een medewerker
Ik praat liever met een mens
Ik spreek liever iemand persoonlijk
Kan een collega contact met me opnemen?
Kan iemand contact met mij opnemen?
Schakel me door naar een medewerker
""".strip().split("\n")

REFUSES = """
Ik wil niet met een mens praten
Ik wil geen medewerker spreken
Ik wil geen mens spreken
Ik hoef geen medewerker te spreken
Ik hoef niemand te spreken
Ik hoef niet met een medewerker te praten
Ik heb geen medewerker nodig
Een medewerker is niet nodig
Geen medewerker nodig
Geen mens alsjeblieft
Verbind me niet door
Verbind me niet door met een medewerker
Niet doorverbinden alsjeblieft
Liever niet met een mens
Ik praat liever niet met een medewerker
Het hoeft niet met een medewerker
Zonder een medewerker te spreken
Dat kan zonder medewerker
Ik wil met niemand praten
Bel me niet terug
Niet terugbellen
U hoeft me niet terug te bellen
Ik heb nooit om een medewerker gevraagd
Ik heb niet om een mens gevraagd
Nee, geen medewerker
""".strip().split("\n")

MEANS_SOMETHING_ELSE = """
Ben je een mens?
Ben jij een echt mens of een robot?
Bent u een medewerker?
Praat ik met een mens?
Spreek ik met een robot?
Ik heb gisteren een medewerker gesproken
Een medewerker zei dat het kon
Jullie medewerker was heel vriendelijk
Menselijke fout denk ik
Ik ben medewerker bij Philips
Voor hoeveel personen is dit?
Een tafel voor vier personen
Iemand heeft mijn telefoon gestolen
Waar is mijn bestelling?
Ik wil mijn contract opzeggen
Moet ik hiervoor een medewerker spreken?
Als ik een medewerker spreek, kost dat iets?
Ik moet mijn moeder bellen
Kan ik naar het buitenland bellen?
Hoe schakel ik doorschakelen in?
Geen mens begrijpt deze rekening
De makelaar vraagt een bewijs van adres
""".strip().split("\n")
