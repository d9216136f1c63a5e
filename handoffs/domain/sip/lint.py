"""Everything that can be said about a voice route from its configuration alone: for saving, cards and the API."""

from collections.abc import Collection, Iterator

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip import advice
from handoffs.domain.sip.fields import fields_shown
from handoffs.domain.sip.findings import Lint, Refusal, Severity
from handoffs.domain.sip.headers import check_headers
from handoffs.domain.sip.route import find_target
from handoffs.domain.sip.voice import LineConfig, SipMethod, VoiceConfig


def check_saved(voice: VoiceConfig, *, line: LineConfig) -> tuple[Lint, ...]:
    """What must be mended before the route is saved, at most one problem a field: subjects are `route`, `headers`,
    `headers[2].name`, `headers[2].value`. Fields that are not shown are not looked at."""
    shown = fields_shown(voice.method, line)
    headers = check_headers(voice.headers, line) if shown.headers else ()
    return (*_check_route(voice, method=shown.method, line=line), *headers)


def _check_route(voice: VoiceConfig, *, method: SipMethod, line: LineConfig) -> Iterator[Lint]:
    try:
        find_target(voice, method=method, line=line)
    except Refusal as refusal:
        yield refusal.about("route")


def lint_destination(
    destination: DestinationConfig, *, line: LineConfig, known_variables: Collection[str] | None = None
) -> tuple[Lint, ...]:
    """Problems, then warnings, of a destination's voice route; none without one. known_variables: the names a value
    may use beside the built-in ones, None when they are not known."""
    if (voice := destination.voice) is None:
        return ()
    lints = (
        *check_saved(voice, line=line),
        *advice.advise_on_method(voice.method, line=line),
        *advice.advise_on_utterance(destination.utterance, method=voice.method),
        *_advise_on_route(voice, line),
        *_advise_on_headers(voice, line, known_variables),
    )
    return tuple(dict.fromkeys(lints))  # a value may use the same variable twice


def _advise_on_route(voice: VoiceConfig, line: LineConfig) -> Iterator[Lint]:
    if voice.route and line.hides_route and voice.method is not SipMethod.BYE:
        yield Lint("route-hidden", "route", "The line routes by itself. This route is not used", Severity.NOTE)
    try:
        route, target = find_target(voice, method=voice.method, line=line)
    except Refusal:
        return  # said among the problems
    if route:
        yield from advice.advise_on_route(route, method=voice.method, encryption=voice.encryption)
    if voice.headers:
        yield from advice.advise_on_place(target, method=voice.method, line=line)


def _advise_on_headers(voice: VoiceConfig, line: LineConfig, known: Collection[str] | None) -> Iterator[Lint]:
    if line.hides_headers:
        yield from advice.advise_on_hidden_headers(len(voice.headers))
        return
    for index, header in enumerate(voice.headers):
        yield from advice.advise_on_name(header.name, line=line, subject=f"headers[{index}].name")
        yield from advice.advise_on_value(header.value, known=known, subject=f"headers[{index}].value")
