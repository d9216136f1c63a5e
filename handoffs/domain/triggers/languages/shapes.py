"""Rules that several languages share because they build the sentence alike; each language brings its own words."""

from handoffs.domain.triggers.language import Row

# "I want to speak with a person": want, verb, preposition, human. "There is" and "call me" are one word or several:
# THERE and CALL_ME are the words that begin them.
ROMANCE_RULES: tuple[Row, ...] = (
    ("wants_contact", 0.96, "WANT ~3 CONTACT ~1 TO ~4:DET HUMAN|SOMEONE"),
    ("wants_contact", 0.96, "WANT ~2 CONTACT ~3:DET HUMAN|SOMEONE"),
    ("wants_desk", 0.92, "WANT|ASK ~3 CONTACT ~1 TO ~3:DET DESK"),
    ("may_i", 0.95, "ASK ~3 CONTACT ~1 TO ~4:DET HUMAN|SOMEONE"),
    ("how_to", 0.94, "HOW ~4 CONTACT|REACH ~1 TO ~4:DET HUMAN|SOMEONE"),
    ("how_to", 0.94, "HOW ~4 CONTACT|REACH ~3:DET HUMAN|SOMEONE"),
    ("contact", 0.93, "^ ~3:PLEASE CONTACT TO ~4:DET HUMAN|SOMEONE"),
    ("let_me", 0.95, "LET ~2:ME CONTACT TO ~4:DET HUMAN|SOMEONE|DESK"),
    ("transfer_me", 0.95, "TRANSFER ~3 TO ~4:DET HUMAN|SOMEONE|DESK"),
    ("transfer_me", 0.93, "^ ~3:PLEASE TRANSFER ~1:ME ~4:DET HUMAN|SOMEONE|DESK"),
    ("transfer_me", 0.93, "ASK ~2 TRANSFER ~4:DET HUMAN|SOMEONE|DESK"),
    ("in_touch", 0.94, "TOUCH TO ~4:DET HUMAN|SOMEONE|DESK"),
    ("wants", 0.92, "DESIRE ~4:DET HUMAN"),
    ("wants_help_of", 0.92, "HELP ~1:TO ~1:OF ~4:DET HUMAN|SOMEONE"),
    ("attended", 0.93, "WANT ~3 ATTEND ~2:OF ~4:DET HUMAN|SOMEONE"),
    ("is_there", 0.91, "^ ~3:PLEASE THERE ~1:THERE ~3:DET HUMAN|SOMEONE ~1:DET ~2:HERE $"),
    ("is_there", 0.93, "THERE ~1:THERE ~3:DET HUMAN|SOMEONE ~5 CONTACT|REACH"),
    ("callback", 0.93, "^ ~3:PLEASE CALL_ME ~1:ME ~3:PLEASE $"),
    ("callback", 0.93, "ASK ~2 CALL_ME"),
    ("callback", 0.93, "HUMAN|SOMEONE ~3 CALL_ME"),
    ("callback", 0.93, "WANT ~3 CALL_ME"),
    ("bare", 0.92, "^ ~3:PLEASE ~3:DET HUMAN ~2:DET ~5:PLEASE $"),
    ("bare", 0.92, "^ ~2:PLEASE HUMAN_HELP ~3:PLEASE $"),
)

ROMANCE_CERTAIN: tuple[Row, ...] = (
    ("no_machine", 0.85, "NEG ~3:SCOPE CONTACT TO ~3:DET MACHINE"),
    ("why_not", 0.93, "WHY ~2 NEG ASK ~2 CONTACT TO ~4:DET HUMAN|SOMEONE"),
    ("why_not", 0.93, "^ ~1:YOU NEG ASK ~2 CONTACT TO ~4:DET HUMAN|SOMEONE"),
    ("know_how", 0.90, "NEG KNOW ~1 HOW ~1 CONTACT ~1:TO ~4:DET HUMAN|SOMEONE"),
    ("not_machine", 0.90, "HUMAN|SOMEONE NEG ~2:DET MACHINE"),
)

ROMANCE_VETOES: tuple[Row, ...] = (
    ("negated", 0.0, "NEG ~6:SCOPE WANT|CONTACT|TRANSFER|HUMAN|SOMEONE|CALL_ME|TOUCH|ATTEND|HELP"),
    ("negated", 0.0, "HUMAN|SOMEONE ~1:YOU NEG ~1:BE ~1 NEEDED"),
    ("negated", 0.0, "INSTEAD ~2:OF ~2:DET CONTACT|HUMAN"),
    ("asks_whether_human", 0.0, "BE YOU? ~4:DET HUMAN"),
    ("conditional", 0.0, "IF ~1:YOU REACH|CONTACT"),
)

# "I want with a person speak": the verb comes last, and negation stands before the preposition.
VERB_LAST_RULES: tuple[Row, ...] = (
    ("wants_contact", 0.96, "WANT|ASK ~5 TO ~4:DET HUMAN|SOMEONE ~3 CONTACT|TRANSFER"),
    ("wants_contact", 0.95, "WANT|ASK ~5 ~3:DET HUMAN|SOMEONE ~2 CONTACT"),
    ("how_to", 0.94, "HOW ~6 TO ~4:DET HUMAN|SOMEONE ~3 CONTACT|TRANSFER"),
    ("contact", 0.93, "^ ~3:PLEASE TO ~4:DET HUMAN|SOMEONE ~2 CONTACT|TRANSFER"),
    ("transfer_me", 0.95, "TRANSFER ~4 TO ~4:DET HUMAN|SOMEONE"),
    ("wants", 0.92, "DESIRE ~2 ~4:DET HUMAN"),
    ("bare", 0.92, "^ ~3:PLEASE ~3:DET HUMAN ~5:PLEASE $"),
)

VERB_LAST_VETOES: tuple[Row, ...] = (
    ("negated", 0.0, "NEG ~4:SCOPE WANT|CONTACT|TRANSFER|HUMAN|SOMEONE"),
    ("negated", 0.0, "HUMAN|SOMEONE ~2 NEG"),
    ("asks_whether_human", 0.0, "BE YOU ~4:DET HUMAN"),
)
