"""Template tags of the console: icons, wait clocks, durations, names."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.domain.names import first_name, initials

register = template.Library()

SPRITE = "vendor/tabler-icons/sprite.svg"
THEMES = ("auto", "light", "dark")
THEME_COOKIE = "hs_theme"
# Icons that point along the reading direction turn with it; clocks and protocol drawings never do.
TURNING = frozenset({"arrow-back-up", "arrow-narrow-right", "arrow-right", "chevron-left", "chevron-right", "send"})
CHANNELS = {
    "web_chat": ("world", _("Web chat")),
    "chat_api": ("message", _("Chat API")),
    "sms": ("device-mobile", _("SMS")),
    "whatsapp": ("brand-whatsapp", _("WhatsApp")),
    "email": ("mail", _("Email")),
    "phone": ("phone", _("Phone")),
}
CLOCK_WORDS = {
    "calm": _("Waiting, well inside the target"),
    "half": _("Waiting, over half of the target"),
    "over": _("Waiting, over the target"),
    "twice": _("Waiting, over twice the target"),
}


@register.simple_tag
def icon(name: str, size: int = 16, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration and hidden from screen readers."""
    classes = f"hs-icon hs-icon--{size}" + (" hs-icon--turns" if name in TURNING else "")
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>', classes, spoken, static(SPRITE), name
    )


def seconds_of(value: timedelta | float | int) -> int:
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return max(0, int(seconds))


@register.filter
def duration(value: timedelta | float | int | None) -> str:
    """Seconds or a timedelta as `m:ss`, as `h:mm:ss` from an hour on; nothing for None."""
    if value is None:
        return ""
    minutes, seconds = divmod(seconds_of(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def clock(value: timedelta | float | int | None) -> str:
    """Seconds or a timedelta as the queue's `mm:ss`: minutes grow past 99, the width never shrinks."""
    if value is None:
        return ""
    minutes, seconds = divmod(seconds_of(value), 60)
    return f"{minutes:02}:{seconds:02}"


@register.filter
def span(value: timedelta | float | int) -> str:
    """A stretch of time inside a sentence: `52 s`, from a minute on `m:ss`."""
    seconds = seconds_of(value)
    return gettext("{number} s").format(number=seconds) if seconds < 60 else duration(seconds)


@register.filter
def minutes(value: timedelta | float | int) -> str:
    """An estimate as customers are told it: whole minutes, rounded up, one at least."""
    return gettext("{number} min").format(number=max(1, -(-seconds_of(value) // 60)))


@register.filter
def elapsed_since(at: datetime, start: datetime) -> timedelta:
    return at - start


register.filter("initials", initials)
register.filter("first_name", first_name)


@register.filter
def channel_icon(channel: str) -> str:
    return CHANNELS[channel][0]


@register.filter
def channel_label(channel: str) -> str:
    return str(CHANNELS[channel][1])


def clock_step(waited: int, target: int | None) -> str:
    """How loud a wait is: calm below half the target, then half, over, and twice from twice the target on."""
    if not target:
        return "calm"
    steps = ((2 * target, "twice"), (target, "over"), (target / 2, "half"))
    return next((name for least, name in steps if waited >= least), "calm")


@register.inclusion_tag("studio/_wait_clock.html", takes_context=True)
def wait_clock(context: template.Context, since: datetime, target_seconds: int | None) -> dict[str, Any]:
    """The clock of a wait since an aware instant; the page's script ticks it on from here."""
    now: datetime = context.get("now") or timezone.now()
    waited = seconds_of(now - since)
    step = clock_step(waited, target_seconds)
    return {"since": since, "target": target_seconds or "", "waited": waited, "step": step, "words": CLOCK_WORDS[step]}


@register.simple_tag
def clock_words() -> dict[str, str]:
    """What the page's script says when a clock reaches the next step."""
    return {step: str(words) for step, words in CLOCK_WORDS.items()}


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """The person's choice of the page's colours: `auto`, `light` or `dark`."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get(THEME_COOKIE, "auto") if request else "auto"
    return chosen if chosen in THEMES else "auto"


@register.simple_tag
def server_now() -> str:
    """The server's instant, so that clocks do not trust the browser's."""
    return timezone.now().isoformat()
