"""Template tags of the destinations pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import template
from django.forms import BoundField
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handoffs.domain.sip.findings import Lint, Severity
from handoffs.domain.sip.voice import Encryption, LineConfig
from handoffs.models import DestinationTest
from handoffs.selectors.destination_cards import Arrivals, Card

register = template.Library()

CARD_LINTS = 2


@dataclass(frozen=True, slots=True)
class Health:
    """tone: of the dot; word: beside it; meta: at the right."""

    tone: str
    word: str
    meta: str = ""


@register.filter
def ago(at: datetime) -> str:
    """`just now`, `12 min ago`, `3 h ago`, `9 days ago`."""
    passed = timezone.now() - at
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed < timedelta(hours=1):
        return _("{number} min ago").format(number=passed // timedelta(minutes=1))
    if passed < timedelta(days=1):
        return _("{number} h ago").format(number=passed // timedelta(hours=1))
    return ngettext("{number} day ago", "{number} days ago", passed.days).format(number=passed.days)


@register.filter
def health(card: Card) -> Health:
    """What is known of a destination: its last test where there is one, else its last real handoffs."""
    if card.test is not None and not card.test.passed:
        return Health("red", _("Failed its test"), ago(card.test.tested_at))
    if card.test is not None and card.row.updated_at > card.test.tested_at:
        return Health("amber", _("Changed since its test"), ago(card.test.tested_at))
    if card.test is not None:
        return _passed(card, card.test)
    return _by_handoffs(card.arrivals)


def _passed(card: Card, test: DestinationTest) -> Health:
    tested = _("tested {ago}").format(ago=ago(test.tested_at))
    if not card.row.desk_key:
        return Health("hollow", _("Plan checked, not called"), tested)
    return Health("green", _("Healthy"), tested)


def _by_handoffs(arrivals: Arrivals | None) -> Health:
    if arrivals is None:
        return Health("hollow", _("Never tested"))
    newest = timezone.localtime(arrivals.newest)
    shown = format_date(newest, "H:i" if newest.date() == timezone.localdate() else "j M, H:i")
    if not arrivals.decided:
        return Health("hollow", _("Never tested"), _("last handoff {time}").format(time=shown))
    counted = {"arrived": arrivals.arrived, "decided": arrivals.decided}
    if arrivals.arrived == arrivals.decided:
        return Health("green", _("Healthy"), _("last handoff {time}").format(time=shown))
    tone, word = ("amber", _("Nobody came")) if not arrivals.arrived else ("green", _("Healthy"))
    return Health(tone, word, _("{arrived} of {decided} arrived").format(**counted))


@register.filter
def worth_a_look(lints: Iterable[Lint]) -> list[Lint]:
    """What a card has room for: problems and warnings, but the mismatch, which has a line of its own."""
    return [lint for lint in lints if lint.severity is not Severity.NOTE and lint.code != "method-mismatch"][
        :CARD_LINTS
    ]


@register.filter
def constraints(line: LineConfig) -> str:
    """What a line does not leave open, in words; empty for one that takes everything."""
    words = (
        _("{method} only").format(method=line.required_method.upper()) if line.required_method else "",
        _("routes by itself") if line.hides_route else "",
        _("no headers") if line.hides_headers else "",
    )
    return ", ".join(filter(None, words))


@register.filter
def limit(seconds: int) -> str:
    """A wait limit in a few characters: `5 min`, `1:30`, `2 h`."""
    if seconds % 3600 == 0 and seconds:
        return _("{number} h").format(number=seconds // 3600)
    if seconds % 60 == 0:
        return _("{number} min").format(number=seconds // 60)
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def encryption_label(encryption: Encryption) -> str:
    return {Encryption.TLS_SRTP: "TLS/SRTP", Encryption.UDP_RTP: "UDP/RTP"}[encryption]


@register.filter
def first_sentence(text: str) -> str:
    return text.split(". ", 1)[0]


@register.filter
def hint_words(hints: dict[str, str]) -> str:
    """One hint in full, more as a number."""
    if len(hints) == 1:
        return ", ".join(f"{name}: {value}" for name, value in hints.items())
    return ngettext("{number} hint", "{number} hints", len(hints)).format(number=len(hints))


@register.inclusion_tag("handoffs/destinations/_field.html")
def live_field(bound: BoundField, said: Lint | None, hint: str = "", css: str = "") -> dict[str, object]:
    """A labelled field whose message comes and goes while people type. said: the lint about it."""
    name = bound.id_for_label
    return {"bound": bound, "said": said, "hint": hint, "name": name, "control": live_control(bound, said, css)}


@register.simple_tag
def live_control(bound: BoundField, said: Lint | None = None, css: str = "") -> SafeString:
    """The input alone, described by its message."""
    wrong = bool(bound.errors) or (said is not None and said.severity is Severity.PROBLEM)
    attributes: dict[str, str | bool] = {
        "class": " ".join(filter(None, ("hs-input", css, bound.field.widget.attrs.get("class", "")))),
        "aria-describedby": f"{bound.id_for_label}-said",
        **({"aria-invalid": "true"} if wrong else {}),
    }
    return bound.as_widget(attrs=attributes)


@register.filter
def about(said: dict[str, Lint], subject: str) -> Lint | None:
    """The lint about a field."""
    return said.get(subject)
