"""Conversations of four kinds, written for these tests: the last line is the customer's that is looked at."""

from handoffs.domain.triggers.dialogue import Said

SPEAKERS = {"C": "customer", "A": "ai", "H": "human"}

BAD = {
    "service booking: corrected twice": """
        C: I need a dentist appointment on Friday
        A: I found Dr Bell in Leeds at 10 am on Thursday. Shall I book it?
        C: No, I said Friday
        A: Dr Bell in Leeds is free on Thursday at 10 am. Shall I book it?
        C: That's wrong again, I asked for Friday
    """,
    "service booking: the booking fails": """
        C: Book me a table for two at Mario's at 7 tonight
        A: Please confirm: a table for two at Mario's at 7 pm.
        C: Yes
        A: I'm sorry, I was unable to make the reservation.
        C: Oh no. Can you try again at 8?
        A: Unfortunately the reservation failed again.
        C: That's too bad. Is there somewhere else?
    """,
    "service booking: not what was wanted": """
        C: Find me a hairdresser in Hull
        A: There is Cut Above, an old barber's shop.
        C: Not that one. Is there something else?
        A: There is Blades, also a barber's.
        C: I don't want a barber
    """,
    "multi-domain: nothing found": """
        C: I'm looking for a cheap hotel in the north with parking
        A: I'm sorry, there are no hotels that match.
        C: How about in the east?
        A: I'm sorry, there are no hotels in the east that match either.
        C: Are you sure? Can you check again please
    """,
    "multi-domain: the question is not answered": """
        C: What is the postcode of the museum?
        A: The museum is in the west of town. Would you like directions?
        C: I need the postcode of the museum
        A: It is a lovely museum in the west.
        C: I still need the postcode of the museum please
    """,
    "multi-domain: misunderstood": """
        C: I want a train to Ely on Monday after 9
        A: I have a taxi to Ely. When do you want to leave?
        C: No, I meant a train
        A: I'm sorry, I don't understand. Can you rephrase that?
        C: A train! To Ely. On Monday.
    """,
    "films: knows them all": """
        C: Can you recommend a scary film?
        A: Have you seen The Ring?
        C: Yes I've already seen that
        A: What about The Grudge?
        C: I've seen that one too and I didn't like it
    """,
    "films: not my taste": """
        C: I like light comedies
        A: You should watch Saw
        C: No, that's too violent for me, I wanted a comedy
        A: How about Hostel?
        C: Not really, I don't like those at all
    """,
    "films: cannot help": """
        C: Any good westerns from the fifties?
        A: I'm not sure, I don't know many westerns.
        C: Ok what about musicals then
        A: I haven't seen any of those either, sorry.
        C: hmm that's a shame
    """,
    "tastes: asks again what was said": """
        A: What kind of films do you like?
        C: Mostly documentaries about the sea
        A: Do you like documentaries?
        C: Yes, as I said
        A: What kind of documentaries do you like?
        C: I already told you, about the sea
    """,
    "tastes: not understood": """
        A: What did you like about that film?
        C: The way it was lit
        A: Who is your favourite way?
        C: What do you mean?
        A: Why is your favourite way?
        C: I don't understand the question
    """,
    "German: corrected and repeated": """
        C: Ich möchte meine Lieferung auf Freitag verschieben
        A: Ihre Lieferung kommt am Donnerstag.
        C: Nein, ich meinte Freitag
        A: Ihre Lieferung kommt am Donnerstag.
        C: Das ist falsch, ich habe doch Freitag gesagt
    """,
    "Spanish: nothing found": """
        C: Busco un hotel barato en el centro
        A: Lo siento, no encontré ningún hotel.
        C: No, eso no es lo que pedí
        A: Lo siento, no encontré ningún hotel.
        C: ¿Está seguro? Ya le dije en el centro
    """,
    "French: misunderstood": """
        C: Je voudrais changer mon adresse
        A: Je n'ai pas compris, pouvez-vous reformuler ?
        C: Changer mon adresse
        A: Je n'ai pas compris, pouvez-vous reformuler ?
        C: Non, ce n'est pas ça, je vous ai déjà dit
    """,
}

GOOD = {
    "service booking: booked": """
        C: I need a dentist appointment on Friday
        A: I found Dr Bell in Leeds at 10 am on Friday. Shall I book it?
        C: Yes please, that works for me
        A: Your appointment is booked. Is there anything else I can help with?
        C: No, that's all. Thank you!
    """,
    "service booking: details": """
        C: Book me a table for two at Mario's
        A: At what time?
        C: At 7 tonight
        A: Please confirm: a table for two at Mario's at 7 pm.
        C: Yes, that's correct
    """,
    "service booking: likes it": """
        C: Find me a hairdresser in Hull
        A: There is Cut Above, a salon with good reviews.
        C: Sounds great, what is the phone number?
    """,
    "multi-domain: hotel": """
        C: I'm looking for a cheap hotel in the north with parking
        A: The Lodge is cheap and has free parking. Shall I book it?
        C: Yes, for two nights please
        A: Booked. Your reference is ABC123. Anything else?
        C: I also need a train to Ely on Monday
    """,
    "multi-domain: gets the answer": """
        C: What is the postcode of the museum?
        A: The postcode is CB1 2AB.
        C: Perfect, and the opening hours?
    """,
    "multi-domain: done": """
        C: I want a train to Ely on Monday after 9
        A: The train at 9:17 arrives at 9:34. Shall I book it?
        C: Yes please
        A: It is booked. Can I help you with anything else?
        C: No thanks, have a nice day
    """,
    "films: happy": """
        C: Can you recommend a scary film?
        A: Have you seen The Ring?
        C: No, I haven't, but it sounds great. I'll watch it!
    """,
    "films: likes it": """
        C: I like light comedies
        A: You would love Airplane
        C: Great, I love that one. Thanks for the suggestion
    """,
    "films: tells": """
        C: Hi, I'm looking for a film for the weekend
        A: What do you usually like?
        C: Adventure films, like Indiana Jones
    """,
    "tastes: answers": """
        A: What kind of films do you like?
        C: Mostly documentaries about the sea
        A: Why do you like them?
        C: They are calm and the pictures are beautiful
    """,
    "tastes: tells a dislike that was asked for": """
        A: Which films do you dislike?
        C: I don't like horror films
        A: What don't you like about horror films?
        C: I hate the blood and they are boring
    """,
    "German: done": """
        C: Ich möchte meine Lieferung auf Freitag verschieben
        A: Ihre Lieferung kommt jetzt am Freitag. Kann ich sonst noch etwas tun?
        C: Nein danke, das war alles
    """,
    "Spanish: booked": """
        C: Busco un hotel barato en el centro
        A: El Hotel Sol está en el centro y cuesta 40 euros. ¿Lo reservo?
        C: Sí, perfecto, gracias
    """,
    "French: goes on": """
        C: Je voudrais changer mon adresse
        A: Bien sûr, quelle est la nouvelle adresse ?
        C: 12 rue des Lilas, à Lyon
    """,
}


def read_script(script):
    """The customer's last message and what was said before."""
    lines = [line.strip() for line in script.strip().split("\n")]
    said = [Said(SPEAKERS[line[0]], line[3:], place) for place, line in enumerate(lines, 1)]
    return said[-1].text, said[:-1]
