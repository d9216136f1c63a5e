"""Words of somebody who has had enough, in every language, and the calm problems that hold none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.exasperation import KINDS, exasperation_of, frustration_words

EXASPERATED = """
You are useless | you're a stupid bot | this is ridiculous | I am so angry right now | I'm really frustrated with this
What a waste of time | you are wasting my time | how many times do I have to tell you | I already told you that
this is the third time I ask | I've had enough of this | I am fed up | shut up | worst service ever | terrible service
I am very disappointed | I'm not happy with this at all | you never understand me | are you kidding me | this is a joke
this is getting on my nerves | I give up | can't you read? | stop asking me the same thing | what is the point of this
I keep repeating myself | this is driving me crazy | useless bot | never again | totally unacceptable | WTF | you suck
Du bist ein dummer Bot | Das ist eine Frechheit | Ich bin stinksauer | Ich bin so sauer | Du nervst
Mir reicht es jetzt
Das ist doch lächerlich | So eine Zeitverschwendung | Wie oft soll ich das noch sagen?
Ich habe das schon dreimal gesagt
Zum dritten Mal | Halt die Klappe | Ich habe die Schnauze voll | Ihr Kundenservice ist miserabel | Ich bin enttäuscht
Das ist eine absolute Katastrophe | Ich hasse dich | Ich mag dich nicht | Willst du mich verarschen? | nie wieder
Das regt mich auf | blöder Roboter | Du hilfst mir nicht | Das ist ja wohl ein Witz | Ich verliere langsam die Geduld
Das kann doch nicht wahr sein | Ihr seid doch alle unfähig | Was soll der Mist | Du taugst nichts | Ich könnte kotzen
Das ist scheiße | Unverschämtheit! | Bist du taub? | Immer das Gleiche mit euch | Vollidiot
Eres un inútil | Estoy harto | Esto es ridículo | Qué vergüenza | Ya te dije tres veces | Es una pérdida de tiempo
¿Cuántas veces tengo que decirlo? | Pésimo servicio | Estoy muy decepcionado | Cállate | Es la tercera vez que pregunto
Vous êtes nul | C'est inadmissible | J'en ai marre | C'est vraiment n'importe quoi | Ça suffit | Je suis très déçu
C'est la troisième fois | Combien de fois dois-je le dire ? | Quelle perte de temps | Je suis furieux | ta gueule
Sei inutile | Sono stufo | È una vergogna | Che perdita di tempo | Quante volte devo dirlo? | Sono molto deluso
È la terza volta | Stai zitto | Non mi capisci | Servizio pessimo | Mi state prendendo in giro
Você é inútil | Estou farto | Isso é um absurdo | Que perda de tempo | Quantas vezes tenho que dizer? | Cala a boca
É a terceira vez | Estou muito decepcionado | Já falei isso antes | Péssimo atendimento | Que palhaçada
Je bent nutteloos | Ik ben het zat | Dit is belachelijk | Wat een tijdverspilling | Hoe vaak moet ik dit nog zeggen?
Ik ben heel boos | Voor de derde keer | Ik heb het al drie keer gezegd | Hou je mond | Ik ben teleurgesteld | stomme bot
"""

CALM = """
My card was stolen | It does not work | I can't log in | My parcel has not arrived | The screen is broken
I was charged twice | Why was my card declined? | I want to cancel my contract | I lost my phone | The food was cold
I need a refund | My flight was cancelled | The app crashes | It's still pending | I'm not angry | I am not disappointed
no problem | sorry, stupid question | How many times can I use the card? | I need sick leave
When was the last time I paid?
My account is blocked | I have a problem with my bill | Is this a scam call? | I forgot my password
I am mad about jazz
the app keeps asking for my password | I'd like to use it one last time | I'm sick today | bad weather
Meine Karte wurde gestohlen | Es funktioniert nicht | Ich kann mich nicht anmelden | Mein Paket ist nicht da
Das Gerät ist kaputt | Ich wurde doppelt belastet | Ich möchte kündigen | Ich bin nicht sauer | Blöde Frage vielleicht
Wo bleibt meine Bestellung? | Die App stürzt ab | Ich habe mein Passwort vergessen | saure Sahne bitte
Es ist mir nicht möglich zu zahlen | Ich habe eine Frage zu meiner Rechnung | Das Essen war kalt
Me robaron la tarjeta | No funciona | No puedo entrar | Mi pedido no ha llegado | No estoy enojado | Quiero cancelar
Ma carte a été volée | Ça ne marche pas | Je n'arrive pas à me connecter | Mon colis n'est pas arrivé
Je ne suis pas déçu
La mia carta è stata rubata | Non funziona | Non riesco ad accedere | Il pacco non è arrivato | Non sono arrabbiato
Meu cartão foi roubado | Não funciona | Não consigo entrar | Meu pedido não chegou | Não estou irritado
Mijn pas is gestolen | Het werkt niet | Ik kan niet inloggen | Mijn pakket is er niet | Ik ben niet boos
"""


def phrases(table):
    return [phrase.strip() for phrase in table.replace("\n", "|").split("|") if phrase.strip()]


def weight(text):
    return exasperation_of(phrase.weight for phrase in frustration_words(text))


@pytest.mark.parametrize("text", phrases(EXASPERATED))
def test_who_has_had_enough_is_heard(text):
    assert weight(text) >= 0.4


@pytest.mark.parametrize("text", phrases(CALM))
def test_a_problem_told_calmly_is_no_exasperation(text):
    assert weight(text) == 0.0


def test_a_phrase_is_quoted_in_the_customers_own_words():
    (insult, again) = frustration_words("YOU are sooo useless!! For the THIRD time: where is it?")
    assert (insult.kind, insult.weight, insult.words) == ("insult", 0.8, "YOU are sooo useless")
    assert (again.kind, again.words) == ("again", "THIRD time")


def test_more_of_it_weighs_more_and_never_more_than_one():
    assert weight("This is ridiculous") < weight("This is ridiculous, you are useless") < 1.0
    assert weight("you are useless. " * 50) <= 1.0


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    found = frustration_words(text)
    assert all(phrase.kind in KINDS and 0.0 < phrase.weight < 1.0 and phrase.words for phrase in found)


@given(st.sampled_from(phrases(EXASPERATED)), st.sampled_from([str.upper, str.lower, str.title]))
def test_capitals_change_nothing(text, change):
    assert weight(change(text)) == weight(text)
