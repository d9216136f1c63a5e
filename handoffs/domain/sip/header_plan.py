"""The headers of a transfer: the destination's with the call's laid over them, expanded, checked, and cut to fit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from handoffs.domain.sip.findings import Lint, Refusal, Severity
from handoffs.domain.sip.grammar import LONGEST_NAME, LONGEST_VALUE, octets, shorten
from handoffs.domain.sip.headers import MOST_HEADERS, MOST_OCTETS, check_name, header_octets
from handoffs.domain.sip.uris import write_headers
from handoffs.domain.sip.variables import expand, flatten, write_value, write_variable
from handoffs.domain.sip.voice import HeaderConfig, HeaderPlace, LineConfig, LineKind, MissingVariable

TWILIO_URI_OCTETS = 1023  # Twilio takes fewer than 1024 characters of headers


class Origin(StrEnum):
    """Who set a part of the plan."""

    DESTINATION = "destination"
    CALL = "call"


class HeaderState(StrEnum):
    """Whether a header goes out."""

    SENT = "sent"
    DROPPED = "dropped"


HeaderArguments = Mapping[str, object] | Sequence[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class PlannedHeader:
    """A header of the transfer. name and value: in one line, outer spaces dropped, cut when it is too long to send;
    place: where a REFER carries it, `request` for the others; why: the code of the reason it was dropped, empty when
    it is sent; missing: the variables without a value."""

    name: str
    value: str
    origin: Origin
    place: HeaderPlace = HeaderPlace.REQUEST
    state: HeaderState = HeaderState.SENT
    why: str = ""
    missing: tuple[str, ...] = ()

    @property
    def is_sent(self) -> bool:
        return self.state is HeaderState.SENT


@dataclass(frozen=True, slots=True)
class Merged:
    """A header and what is to be said of it."""

    header: PlannedHeader
    lints: tuple[Lint, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A header as it was asked for, its value expanded and in one line."""

    name: str
    value: str
    origin: Origin
    when_missing: MissingVariable = MissingVariable.DROP
    missing: tuple[str, ...] = ()
    is_flattened: bool = False
    is_overriding: bool = False


@dataclass(slots=True)
class Room:
    """What may still be sent, and where."""

    place: HeaderPlace
    is_twilio: bool
    headers: int = MOST_HEADERS
    octets: int = MOST_OCTETS
    uri_octets: int = TWILIO_URI_OCTETS
    names: set[str] = field(default_factory=set)

    def take(self, name: str, value: str) -> None:
        """Raises Refusal where the header does not fit."""
        in_uri = octets(write_headers(((name, value),))) + 1
        cost = self._cost(header_octets(name, value), in_uri)
        if name.lower() in self.names:
            raise Refusal("header-twice", f"{name} stands twice, the first one is sent")
        if not self.headers:
            raise Refusal("headers-many", f"A transfer carries {MOST_HEADERS} headers at most, {name} is left out")
        if cost > self.octets:
            raise Refusal("headers-long", f"Headers have {MOST_OCTETS:,} octets at most, {name} is left out")
        if self.is_twilio and in_uri > self.uri_octets + 1:
            raise Refusal("headers-twilio", f"Twilio takes fewer than 1,024 characters of headers, {name} is left out")
        self.names.add(name.lower())
        self.headers -= 1
        self.octets -= cost
        self.uri_octets -= in_uri

    def _cost(self, on_request: int, in_uri: int) -> int:
        return sum(
            cost
            for cost, other in ((on_request, HeaderPlace.REFER_TO), (in_uri, HeaderPlace.REQUEST))
            if self.place is not other
        )


def merge_headers(
    configured: Iterable[HeaderConfig],
    given: HeaderArguments,
    *,
    variables: Mapping[str, object],
    line: LineConfig,
    place: HeaderPlace,
) -> tuple[Merged, ...]:
    """Every header in the order it is written: the destination's, each replaced by the call's of the same name
    without regard to case, then what only the call has."""
    room = Room(place=place, is_twilio=line.kind is LineKind.TWILIO_NUMBER)
    return tuple(_decide(asked, line, room) for asked in _gather(configured, given, variables))


def _gather(
    configured: Iterable[HeaderConfig], given: HeaderArguments, variables: Mapping[str, object]
) -> Iterator[Given]:
    pairs = list(given.items() if isinstance(given, Mapping) else given)
    by_name = {name.lower(): index for index, (name, _) in reversed(list(enumerate(pairs)))}
    placed: set[int] = set()
    for header in configured:
        index = by_name.get(header.name.lower())
        if index is None:
            yield _expand(header, variables)
        elif index not in placed:
            placed.add(index)
            yield replace(_plain(*pairs[index]), is_overriding=True)
    yield from (_plain(*pair) for index, pair in enumerate(pairs) if index not in placed)


def _expand(header: HeaderConfig, variables: Mapping[str, object]) -> Given:
    expansion = expand(header.value, variables)
    value = flatten(expansion.value)
    return Given(
        name=header.name,
        value=value.strip(),
        origin=Origin.DESTINATION,
        when_missing=header.when_missing,
        missing=expansion.missing,
        is_flattened=bool(expansion.flattened) or value != expansion.value,
    )


def _plain(name: str, value: object) -> Given:
    if value is None:
        return Given(name=name, value="", origin=Origin.CALL, missing=(name,))
    written = write_value(value)
    line = flatten(written)
    return Given(name=name, value=line.strip(), origin=Origin.CALL, is_flattened=line != written)


def _decide(given: Given, line: LineConfig, room: Room) -> Merged:
    header = PlannedHeader(
        name=flatten(given.name), value=given.value, origin=given.origin, place=room.place, missing=given.missing
    )
    lints = tuple(_remarks(given))
    try:
        _refuse(given, line)
        room.take(given.name, given.value)
    except Refusal as refusal:
        return Merged(_drop(header, refusal.code), (*lints, *_say_dropped(refusal, shorten(given.name))))
    return Merged(header, lints)


def _drop(header: PlannedHeader, code: str) -> PlannedHeader:
    name, value = header.name[:LONGEST_NAME], header.value[:LONGEST_VALUE]
    return replace(header, name=name, value=value, state=HeaderState.DROPPED, why=code)


def _say_dropped(refusal: Refusal, subject: str) -> Iterator[Lint]:
    if refusal.code != "headers-hidden":  # said once for all of them
        severity = Severity.PROBLEM if refusal.code == "variable-required" else Severity.WARNING
        yield refusal.about(subject, severity=severity)


def _remarks(given: Given) -> Iterator[Lint]:
    name = shorten(given.name)
    if given.is_overriding:
        sentence = f"{name} is set by the destination and by the call. The call wins"
        yield Lint("header-overridden", name, sentence, Severity.NOTE)
    if given.is_flattened:
        yield Lint("value-flattened", name, f"Line breaks and control characters in {name} became spaces")
    if given.missing and given.when_missing is MissingVariable.EMPTY:
        yield Lint("variable-missing", name, f"{_names(given.missing)} has no value, {name} goes out without it")


def _refuse(given: Given, line: LineConfig) -> None:
    if line.hides_headers:
        raise Refusal("headers-hidden", "The line carries no headers")
    check_name(given.name, line)
    if given.missing:
        _refuse_missing(given)
    if (size := octets(given.value)) > LONGEST_VALUE:
        sentence = f"{given.name} has {size:,} octets, {LONGEST_VALUE:,} at most fit. It is left out"
        raise Refusal("header-value-long", sentence)


def _refuse_missing(given: Given) -> None:
    if given.origin is Origin.CALL:
        raise Refusal("header-removed", f"The call leaves {given.name} out")
    if given.when_missing is MissingVariable.DROP:
        raise Refusal("variable-missing", f"{_names(given.missing)} has no value. {given.name} is left out")
    if given.when_missing is MissingVariable.REFUSE:
        raise Refusal("variable-required", f"{given.name} needs {_names(given.missing)}, which has no value")


def _names(missing: tuple[str, ...]) -> str:
    return ", ".join(shorten(write_variable(name)) for name in missing[:3])
