"""Rules that several languages share because they build the sentence alike; each language brings its own words."""

from handoffs.domain.triggers.language import Row

# "I want to speak with a person": want, verb, preposition, human.
ROMANCE_RULES: tuple[Row, ...] = (
    ("wants_contact", 0.96, "WANT ~3 CONTACT ~1 TO ~4:DET HUMAN|SOMEONE"),
    ("may_i", 0.95, "ASK ~3 CONTACT ~1 TO ~4:DET HUMAN|SOMEONE"),
    ("how_to", 0.94, "HOW ~4 CONTACT ~1 TO ~4:DET HUMAN|SOMEONE"),
    ("contact", 0.93, "^ ~3:PLEASE CONTACT TO ~4:DET HUMAN|SOMEONE"),
    ("transfer_me", 0.95, "TRANSFER ~3 TO ~4:DET HUMAN|SOMEONE"),
    ("transfer_me", 0.93, "^ ~3:PLEASE TRANSFER ME? ~4:DET HUMAN"),
    ("wants", 0.92, "DESIRE ~4:DET HUMAN"),
    ("bare", 0.92, "^ ~3:PLEASE ~3:DET HUMAN ~5:PLEASE $"),
)

ROMANCE_VETOES: tuple[Row, ...] = (
    ("negated", 0.0, "NEG ~5:SCOPE WANT|CONTACT|TRANSFER|HUMAN|SOMEONE"),
    ("asks_whether_human", 0.0, "BE YOU? ~4:DET HUMAN"),
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
