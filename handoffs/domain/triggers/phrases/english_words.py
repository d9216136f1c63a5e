"""The words the phrases of English are made of."""

CLASSES = {
    "INT": (
        "so very really fucking bloody damn damned totally absolutely completely utterly extremely pretty quite "
        "such just simply beyond getting becoming a an the bit little kind of sort fairly rather more all"
    ),
    "BE": "is are was am be were been being get getting r feel feeling",
    "BOT": "bot bots robot robots chatbot chatbots machine computer ai assistant program software thing piece",
    "FIRM": "service support company app bank shop store website site experience place system process help hotline",
    "ANGRY": "angry furious fuming livid outraged pissed enraged infuriated",
    "ANNOYED": "annoyed frustrated irritated exasperated aggravated upset unhappy dissatisfied",
    "OUTRAGE": (
        "ridiculous outrageous unacceptable infuriating frustrating annoying absurd pathetic appalling disgraceful "
        "disgusting shameful insane bullshit bs crap nonsense unbelievable atrocious laughable inexcusable joke "
        "nightmare disaster disgrace farce scam garbage rubbish stupid maddening exasperating irritating"
    ),
    "DUMB": (
        "useless stupid dumb idiot idiots idiotic worthless pathetic moron moronic incompetent hopeless clueless "
        "rubbish garbage trash crap shit annoying unhelpful thick brainless imbecile ridiculous terrible awful "
        "horrible lame boring pointless crappy shitty sucky dense"
    ),
    "BAD": "terrible awful horrible horrendous worst poor appalling lousy dreadful shocking shitty crappy abysmal",
    "SAID": "told said gave given explained answered sent mentioned asked wrote written typed",
    "TELL": "tell say ask repeat explain call write",
    "COMPARED": "later earlier cheaper closer nearer bigger smaller better newer shorter longer faster quieter funnier",
    "NTH": "third fourth fifth sixth tenth 3rd 4th 5th 6th 10th hundredth 100th millionth umpteenth nth last",
    "WAS": "meant mean",
    "I": "i we",
    "PLEASE": "please thanks thank you ok okay oh well um uh so and but yeah right hi hey",
    "LIKES": "like liked love loved enjoy enjoyed",
    "SEEN": "seen watched read heard tried visited been",
    "ELSE": "else different other another alternative more others",
    "OK": "ok okay k alright fine cool",
    "GOOD": (
        "great perfect excellent awesome wonderful fantastic amazing brilliant lovely nice super terrific fabulous "
        "superb good cool sweet ideal"
    ),
    "YES": "yes yeah yep yup sure absolutely definitely correct exactly indeed ya yess yea certainly",
    "NO": "no nope nah naw",
    "HAVE": "have has had",
    "FIND": "find locate book reserve make complete process get help answer provide do access see offer assist",
    "THING": "one ones option options place places time day date movie movies restaurant hotel suggestion suggestions",
    "MATCHING": (
        "matching matches match results options listings availability restaurants hotels trains rooms tables tickets "
        "seats record records such any that"
    ),
}

# "im" and "id" are left whole: they are words of German and Spanish.
CONTRACTIONS = """
don't = do not
dont = do not
doesn't = does not
doesnt = does not
didn't = did not
didnt = did not
can't = can not
cant = can not
cannot = can not
couldn't = could not
couldnt = could not
won't = will not
wouldn't = would not
isn't = is not
isnt = is not
aren't = are not
arent = are not
wasn't = was not
wasnt = was not
weren't = were not
haven't = have not
havent = have not
hasn't = has not
hasnt = has not
hadn't = had not
shouldn't = should not
i'd = i would
i'm = i am
i've = i have
ive = i have
i'll = i will
you're = you are
youre = you are
your're = you are
ur = you are
it's = it is
that's = that is
thats = that is
there's = there is
what's = what is
whats = what is
let's = let us
u = you
this's = this is
we've = we have
you've = you have
"""
EXPANSIONS = {short: full for short, _, full in (line.partition(" = ") for line in CONTRACTIONS.split("\n") if line)}
