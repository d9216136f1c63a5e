"""How people ask for a human in English, and what only looks like it."""

from handoffs.domain.triggers.language import build_language

HUMAN = (
    "human humans person agent agents operator operators representative representatives rep reps csr "
    "advisor adviser advisors advisers assistant associate employee employees manager managers supervisor supervisors "
    "colleague colleagues staff specialist specialists consultant technician engineer worker clerk receptionist boss"
)

ENGLISH = build_language(
    code="en",
    classes={
        "HUMAN": HUMAN,
        "SOMEONE": "someone somebody anyone anybody some1",
        "REAL": "real live actual human living breathing proper else smarter competent",
        "DESK": (
            "team department support service services care sales billing accounts retention complaints desk "
            "reservations bookings housekeeping kitchen concierge fraud mortgage loans claims warranty shipping "
            "dispatch finance "
            "office reception management store shop branch restaurant bank spa pool hotel"
        ),
        "DET": (
            "a an the front one of your some any another real live actual living human proper other different "
            "customer customers client service services support care sales technical tech billing bank call "
            "center centre fucking bloody damn damned goddamn freaking flesh blood and breathing competent "
            "senior qualified person fernhill trained right responsible available"
        ),
        "TO": "to with too wit wth w",
        "WANT": (
            "want wants wanna wanted need needs needed like love prefer rather wish hope must have gotta got "
            "trying try require request demand desire insist asking asked ask expect expecting gonna going needing"
        ),
        "DESIRE": (
            "want wants wanna wanted need needs needed like love prefer rather wish require request demand desire"
        ),
        "CONTACT": (
            "talk talking tlak takl talkk talkiing talkint tallk speak speaking speek spek speack chat "
            "chatting caht chay contact contacting reach reaching communicate communicating converse "
            "conversing deal dealing correspond message messaging call calling phone ring word conversation "
            "took"
        ),
        "LET": "let lemme allow letme",
        "ASK": "can could may might cannot possible able chance way",
        "HOW": "how what where who which whom",
        "HELP": "help helping assistance assist asistance assistnace assikstance hlp",
        "TRANSFER": (
            "transfer transferring connect connecting put redirect reroute direct forward pass hand route "
            "patch escalate tranfer trasfer"
        ),
        "MOVED_BY": "transferred connected put passed escalated redirected handed forwarded directed",
        "MOVED": "me us this it call chat conversation case issue matter ticket through over",
        "FETCH": "get give gimme find send bring fetch assign have",
        "ME": "me us",
        "CALL": "call ring phone contact callback reach text email",
        "BACK": "back up",
        "HERE": "there here around available now please",
        "ANCHOR": "whoever callback call ring phone who handoff handover takeover escalation escalated",
        "KNOWN": "personal persona personals",
        "PRONOUN": "my this the our that",
        "PLEASE": (
            "please pls plz plse thanks thank you now right away asap immediately today hi hello hey ok okay "
            "yes yeah yep just quick quickly urgent urgently only instead so then well sorry again kindly "
            "here i said no"
        ),
        "MACHINE": (
            "bot bots robot robots machine machines computer computers chatbot chatbots ai algorithm automation"
        ),
        "NEG": "not no never without dont nobody nor neither stop avoid",
        "SCOPE": (
            "want wants wanted wanna need needs needed like to really actually necessarily currently even "
            "ever have any a an the be wish yet having going gonna prefer care that rather reason for point "
            "in of real live human you"
        ),
        "THINK": "think believe feel reckon suppose",
        "BE": "are is am was were be r",
        "YOU": "you u ya yourself this that it he she",
        "PRON": "i we you they he she",
        "IF": "if when whenever unless whether before after until because since",
        "TIME": (
            "yesterday ago earlier previously before last monday tuesday wednesday thursday friday saturday sunday"
        ),
        "STOP": (
            "i if because but when who whom which what why although though while not no never without after before"
        ),
    },
    anchors="HUMAN SOMEONE DESK TRANSFER MACHINE ANCHOR",
    forgiven=(
        "person operator representative assistant someone somebody anyone anybody supervisor manager advisor "
        "adviser colleague employee agents humans department"
    ),
    expansions={
        "don't": "do not",
        "dont": "do not",
        "doesn't": "does not",
        "doesnt": "does not",
        "didn't": "did not",
        "didnt": "did not",
        "can't": "can not",
        "cant": "can not",
        "cannot": "can not",
        "couldn't": "could not",
        "couldnt": "could not",
        "won't": "will not",
        "wont": "will not",
        "wouldn't": "would not",
        "wouldnt": "would not",
        "isn't": "is not",
        "isnt": "is not",
        "aren't": "are not",
        "arent": "are not",
        "wasn't": "was not",
        "haven't": "have not",
        "needn't": "need not",
        "shouldn't": "should not",
        "i'd": "i would",
        "id": "i would",
        "i'm": "i am",
        "im": "i am",
        "i've": "i have",
        "ive": "i have",
        "i'll": "i will",
        "you're": "you are",
        "youre": "you are",
        "it's": "it is",
        "that's": "that is",
        "there's": "there is",
        "who's": "who is",
        "let's": "let us",
        "haveto": "have to",
        "wana": "wanna",
    },
    rules=(
        ("wants_contact", 0.97, "WANT ~3 CONTACT directly|live|online|again|in? TO? ~4:DET HUMAN"),
        ("wants_contact", 0.95, "WANT ~2 discuss|continue|proceed|resolve|sort ~3 with ~4:DET HUMAN|SOMEONE"),
        ("prefers_contact", 0.90, "feel|be ~1 better|happier|safer|comfortable ~1 CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("wants_contact_someone", 0.97, "WANT ~3 CONTACT TO? ~3:DET SOMEONE"),
        ("wants_desk", 0.90, "WANT ~1 CONTACT TO ~3:DET DESK"),
        ("let_me", 0.97, "LET ME? ~1 CONTACT TO? ~4:DET HUMAN|SOMEONE|DESK"),
        ("may_i", 0.96, "ASK i|we|you|someone? ~4 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("may_i_desk", 0.90, "ASK i|we ~1 CONTACT TO ~3:DET DESK"),
        ("how_to", 0.95, "HOW ~8 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("how_to", 0.95, "HOW ~3 i ~6 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("help_contact", 0.95, "HELP ~3 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("contact", 0.94, "^ ~3:PLEASE CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("contact_desk", 0.88, "^ ~3:PLEASE talk|speak|chat|talking|speaking TO ~4:DET DESK"),
        ("transfer_me", 0.97, "TRANSFER ~3:MOVED TO|on|onto|through ~4:DET HUMAN|SOMEONE|DESK"),
        ("transfer_me", 0.97, "TRANSFER MOVED ~2:MOVED ~4:DET HUMAN|SOMEONE"),
        ("be_transferred", 0.95, "be|get|being MOVED_BY ~2:MOVED TO ~4:DET HUMAN|SOMEONE|DESK"),
        ("get_through", 0.93, "get|getting through TO ~4:DET HUMAN|SOMEONE"),
        ("put_me_through", 0.93, "put|patch me|us|this|it|my ~2 through"),
        ("transfer_now", 0.90, "^ ~3:PLEASE transfer|escalate|connect me|us|this|it ~3:PLEASE $"),
        ("escalate", 0.90, "WANT ~2 escalate|escalated"),
        ("fetch", 0.95, "FETCH ME ~4:DET HUMAN"),
        ("fetch", 0.95, "^ ~3:PLEASE get|give|gimme|find|bring|fetch ~4:DET HUMAN"),
        ("fetch", 0.95, "ASK i|we ~2:PLEASE get|have|see ~4:DET HUMAN"),
        ("fetch", 0.93, "can|could|will|would you ~1 get|give|find|fetch|bring ~1 ~3:DET HUMAN"),
        ("fetch_someone", 0.90, "FETCH ME SOMEONE REAL|who|that|on|to"),
        ("fetch_someone", 0.90, "FETCH SOMEONE REAL? on|to"),
        ("wants", 0.93, "DESIRE ~4:DET HUMAN"),
        ("wants", 0.93, "have to? ~2:DET human|person ~1 help|assist|call|answer|look|deal|handle ~2 ME"),
        ("wants_someone", 0.93, "DESIRE SOMEONE REAL"),
        ("wants_help_of", 0.93, "HELP from|by|of ~4:DET HUMAN"),
        ("wants_help_of", 0.90, "HELP from|by SOMEONE REAL"),
        ("wants_callback", 0.90, "ASK|DESIRE|have|get ~4:DET HUMAN|SOMEONE ~4 CALL ME BACK?"),
        ("wants_help_of", 0.92, "HELP from|by ~2:DET team|staff member|members|person"),
        ("is_there", 0.93, "is|are there ~1 ~3:DET HUMAN|SOMEONE REAL? ~2:PRON ~2 TO? CONTACT"),
        (
            "is_there",
            0.90,
            "is|are there ~1 ~4:DET HUMAN ~2 available|here|around|there|working",
        ),
        ("bare", 0.93, "^ ~4:PLEASE ~4:DET HUMAN ~4:PLEASE $"),
        ("bare_someone", 0.90, "^ ~3:PLEASE SOMEONE REAL ~3:PLEASE $"),
        ("bare_desk", 0.85, "^ ~3:PLEASE ~1 team|department|supervisor|manager|reception please|pls|plz $"),
        ("bare_desk", 0.85, "^ SOMEONE from|in|at ~3:DET DESK"),
        ("let_me", 0.95, "LET ME CONTACT TO ~4:DET DESK|HUMAN|SOMEONE"),
        ("let_me", 0.95, "LET ME CONTACT TO whoever|who ~1 in|on|responsible"),
        ("let_me", 0.93, "LET ME CONTACT TO the front|service|help desk"),
        ("transfer_me", 0.93, "TRANSFER ME ~1:MOVED to|with ~4 team|department|desk|office|line|staff|DESK"),
        ("transfer_me", 0.88, "^ ~3:PLEASE TRANSFER ME ~1:MOVED to|with ~3:DET DESK|HUMAN"),
        ("in_touch", 0.95, "put|get ME in touch|contact with ~4:DET HUMAN|SOMEONE|DESK"),
        ("get_through", 0.93, "get ~1:ME through to ~4:DET HUMAN|SOMEONE|DESK"),
        ("transfer_me", 0.94, "hand|handing|pass ~3 over|on to ~3:DET HUMAN|SOMEONE"),
        ("transfer_me", 0.93, "give ME to ~3:DET HUMAN|SOMEONE"),
        ("transfer_me", 0.93, "TRANSFER to ME ~3:DET HUMAN"),
        ("real_one", 0.94, "CONTACT TO a|the|your REAL ~1 HUMAN"),
        ("real_one", 0.94, "TRANSFER ME ~1:MOVED to|with a|the|your REAL ~1 HUMAN"),
        ("is_there", 0.90, "have|there|offer ~1:DET human support|agents|assistance|help|operators"),
        ("get_hold", 0.93, "get|getting ~1 hold of ~3:DET HUMAN|SOMEONE"),
        ("wants_transfer", 0.93, "be MOVED_BY ~1:MOVED to ~4 HUMAN|SOMEONE|DESK"),
        ("how_to", 0.93, "HOW do|can|could|should|to i|we? get|find|reach ~3:DET HUMAN"),
        ("how_to", 0.88, "who can|could|should|do i|we CONTACT to|with? ~1 $"),
        ("takes_over", 0.93, "HUMAN|SOMEONE ~1 take|takes|step|jump over|in"),
        ("takes_over", 0.92, "ASK ~3:DET human|person|agent ~1 HELP"),
        ("wants_someone", 0.92, "DESIRE SOMEONE who|that ~1 can|could|knows|understands"),
        ("escalate", 0.93, "escalate ~2:PRONOUN case|issue|complaint|ticket|problem|this|it|matter"),
        ("callback", 0.92, "^ ~3:PLEASE call|phone|ring ME ~1:BACK ~4:PLEASE $"),
        (
            "callback",
            0.92,
            "^ ~3:PLEASE can|could|will|would|have YOU ~1:PLEASE call|phone|ring ME ~1:BACK ~4:PLEASE $",
        ),
        ("callback", 0.92, "DESIRE|get|have|request|arrange|schedule|book ~2:DET callback"),
        ("callback", 0.92, "DESIRE|get|request|arrange|schedule|book ~2:DET call|phone back|call"),
        ("callback", 0.92, "^ ~2:PLEASE callback ~2:PLEASE $"),
        ("callback", 0.92, "SOMEONE ~1 needs|should|must|has|to ~1:to CALL ME"),
        ("callback", 0.92, "SOMEONE ~2 give ME a ring|call|bell"),
        ("is_there", 0.88, "^ ~2:PLEASE is|are? there? SOMEONE REAL|there|here|around|alive ~2:HERE $"),
        ("handoff", 0.95, "human|agent|person|live handoff|handover|takeover|escalation"),
        ("handoff", 0.95, "^ ~3:PLEASE handoff|handover|handoff ~2:PLEASE $"),
        ("handoff", 0.95, "hand me|us|this|it? over|off to ~3:DET HUMAN|SOMEONE|DESK"),
    ),
    certain=(
        ("cannot_reach", 0.90, "can|could not ~1:even|get|seem to? CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("why_not", 0.93, "why ASK|will|would|do|does not? i|you|we|anyone ~5 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("why_not", 0.93, "ASK|will|would not i|we ~1 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("why_not", 0.93, "ASK i|we not ~1 CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("no_machine", 0.85, "NEG ~3:SCOPE CONTACT TO ~3:DET MACHINE"),
        ("no_machine", 0.82, "NEG ~1 feel|be ~1 comfortable|safe|happy ~6 MACHINE"),
        ("no_machine", 0.85, "sick|tired|fed|enough|stop|hate ~3 CONTACT TO ~3:DET MACHINE"),
        (
            "machine_is_bad",
            0.82,
            "^ CONTACT TO ~2:DET MACHINE is ~2 stupid|useless|pointless|annoying|frustrating|awful|ridiculous $",
        ),
        ("not_machine", 0.90, "HUMAN|SOMEONE ~2 not a|an|another|some? ~1 MACHINE"),
    ),
    vetoes=(
        ("negated", 0.0, "NEG ~5:SCOPE WANT|CONTACT|TRANSFER|MOVED_BY|FETCH|LET|HUMAN|SOMEONE|HELP"),
        ("negated", 0.0, "not THINK ~1:that ~1:PRON ~3:SCOPE WANT|CONTACT"),
        ("negated", 0.0, "HUMAN|SOMEONE is|are? not needed|necessary|required|wanted"),
        ("negated", 0.0, "refuse|decline|unwilling to ~1 CONTACT"),
        ("negated", 0.0, "refuse|cancel|skip|forget|decline|stop ~1:offering|suggesting|the ME? ~4:DET HUMAN|TRANSFER"),
        ("negated", 0.0, "hold off|back on? ~4:DET HUMAN|TRANSFER"),
        ("negated", 0.0, "NEG ~1 involve|bring|add ~4:DET HUMAN|SOMEONE"),
        ("negated", 0.0, "NEG ~3:SCOPE WANT ~2:any HELP from|by|of ~4:DET HUMAN|SOMEONE"),
        ("negated", 0.0, "NEG ~1 feel|be ~1 better|happier|safer|comfortable"),
        ("negated", 0.0, "instead of ~2:DET CONTACT|HUMAN|TRANSFER"),
        ("negated", 0.0, "than to? ~2:DET CONTACT|HUMAN|TRANSFER"),
        ("asks_whether_human", 0.0, "BE YOU ~5:DET HUMAN"),
        ("asks_whether_human", 0.0, "you|u BE ~5:DET HUMAN"),
        ("asks_whether_human", 0.0, "BE YOU ~4 or ~4:DET HUMAN"),
        ("asks_whether_human", 0.0, "sound|sounds|seem|seems|look|looks like ~4:DET HUMAN"),
        ("asks_whether_human", 0.0, "BE i|we ~1:actually|really|even|just CONTACT TO? ~4:DET HUMAN|SOMEONE"),
        ("asks_whether_human", 0.0, "i|we BE ~1:actually|really|even|just CONTACT TO ~4:DET HUMAN|SOMEONE"),
        ("past", 0.0, "TIME PRON? ~6 wanted|asked|needed|had"),
        ("past", 0.0, "wanted|asked|needed|had ~8 TIME"),
        ("past", 0.0, "got|received|had ~2 HELP from|by ~4:DET HUMAN|SOMEONE|staff|team"),
        ("conditional", 0.0, "IF ~1:PRON ~2:SCOPE CONTACT|TRANSFER"),
        ("negated", 0.0, "NEG ~5:SCOPE callback|ring|call"),
        ("negated", 0.0, "nobody|noone ~3 CALL"),
        ("negated", 0.0, "prefer|rather ~2:it|if nobody|not ~2 CALL|CONTACT"),
        ("other_agent", 0.0, "callback|back|phone|ring number|tone|later|when|if"),
        ("whether_needed", 0.0, "^ ~1:PLEASE do|will|should i|we need|have|want? to? ~3:DET CONTACT|HUMAN"),
        (
            "other_agent",
            0.0,
            "estate|travel|insurance|letting|cleaning|user|booking|virtual|google|voice agent|agents|assistant",
        ),
        ("other_agent", 0.0, "another|different|new|old|previous|mobile|network|phone|tour operator|operators"),
        ("other_human", 0.0, "human resources|rights|error|errors"),
    ),
    exemptions=(
        ("question", 0.0, "why|ASK|will|would i|we|you|not not|just|let"),
        ("question", 0.0, "why not"),
        ("double", 0.0, "not ~2:SCOPE CONTACT TO ~3:DET MACHINE"),
    ),
)
