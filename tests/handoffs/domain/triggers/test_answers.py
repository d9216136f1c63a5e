"""Yes, no or neither to “Shall I bring in a person?”."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoffs.domain.triggers.answers import Answer, read_answer

YES = """
yes | yes please | Yes, please! | yep | yeah sure | sure | ok | okay | please | please do | go ahead
do it | 👍 | 👍🏽 | ✅
of course | why not | that would be great | sounds good | no problem | no, I want a person
yes but first tell me the price
I'd like that | let's do it | absolutely | y | YES | yes, get me an agent | ok get me someone
I guess so | hell yes | No. Actually yes please | if you can
ja | passt | ja gerne | ja bitte | gerne | klar | na klar | jo | okay | bitte | mach das | warum nicht
kein Problem | sehr gerne
alles klar | nein, ich will einen Menschen | einverstanden | ja, aber erst noch eine Frage
sí | sí por favor | claro | claro que sí | vale | de acuerdo | por supuesto | adelante | está bien | me gustaría | dale
oui | oui merci | oui s'il vous plaît | d'accord | bien sûr | volontiers | avec plaisir | allez-y | pourquoi pas | ok
sì | sì grazie | certo | va bene | volentieri | d'accordo | perché no | mi piacerebbe | con piacere
sim | sim por favor | claro | pode ser | com certeza | tudo bem | por que não | sem problema
quero falar com uma pessoa
ja graag | graag | prima | doe maar | ja hoor | natuurlijk | waarom niet | goed | ga je gang | geen probleem
"""
NO = """
no | nope | nah | no thanks | no thank you | No, thank you. | rather not | I'd rather not | not now
not yet | not really
I don't want a person | no agent please | no need | that's not necessary | I'm good | I'm fine | never mind
don't bother | please don't | 👎 | ❌ | n | later | ok no thanks | I would prefer not to
not at the moment | nah I'm ok | do not bring anyone
nein | nein danke | nee | nö | lieber nicht | jetzt nicht | nicht nötig | noch nicht | nein, schon gut
brauche ich nicht
ich brauche keinen Menschen | passt schon | vergiss es | später
no gracias | mejor no | ahora no | todavía no | no hace falta | prefiero que no | no quiero | más tarde
non | non merci | plutôt pas | pas maintenant | pas besoin | ça ira | non c'est bon | je préfère pas
laissez tomber | plus tard
no grazie | meglio di no | non ora | non serve | preferisco di no | non adesso | sto bene così | più tardi
lascia perdere
não | não obrigado | melhor não | agora não | prefiro que não | não precisa | não quero | ainda não | mais tarde
nee | doe maar niet | nee bedankt | liever niet | nu niet | niet nodig | hoeft niet | laat maar | nog niet | nee dank je
"""
UNCLEAR = """
what does that cost? | where is my parcel | I don't know | not sure | maybe | hmm | the blue one
who would that be? | 42 | ?
weiß nicht | vielleicht | wie lange dauert das? | no sé | tal vez | je ne sais pas | peut-être | non so
forse | não sei
talvez | weet ik niet | misschien | idk | it depends
"""


def phrases(table):
    return [phrase.strip() for phrase in table.replace("\n", "|").split("|") if phrase.strip()]


@pytest.mark.parametrize("text", phrases(YES))
def test_who_agrees_says_yes(text):
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize("text", phrases(NO))
def test_who_declines_says_no(text):
    assert read_answer(text) is Answer.NO


@pytest.mark.parametrize("text", phrases(UNCLEAR))
def test_anything_else_is_unclear(text):
    assert read_answer(text) is Answer.UNCLEAR


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text):
    assert read_answer(text) in Answer


@given(st.sampled_from(phrases(YES) + phrases(NO)), st.sampled_from([str.upper, str.lower, str.title]))
def test_capitals_change_nothing(text, change):
    assert read_answer(change(text)) is read_answer(text)


@given(st.sampled_from(phrases(YES) + phrases(NO)), st.sampled_from(["!", "...", " ", "!!", " 🙂", "\n"]))
def test_what_stands_after_an_answer_changes_nothing(text, mark):
    assert read_answer(text + mark) is read_answer(text)
