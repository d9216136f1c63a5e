"""Warnings: what works on the wire but is perhaps not meant. Used for saving and for plans alike."""

from collections.abc import Collection, Iterator

from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.grammar import LONGEST_VALUE
from handoffs.domain.sip.headers import lacks_prefix, place_of
from handoffs.domain.sip.numbers import TelUri
from handoffs.domain.sip.route import Route, RouteKind
from handoffs.domain.sip.uris import SipUri
from handoffs.domain.sip.variables import BUILT_IN_VARIABLES, PieceKind, read_pieces, write_variable
from handoffs.domain.sip.voice import Encryption, LineConfig, SipMethod

SPOKEN_CHARACTERS_A_SECOND = 18
LONGEST_USUAL_EXTENSION = 8  # digits; more look like a number without its country code
PLAIN_TRANSPORTS = ("udp", "tcp", "ws")


def advise_on_method(method: SipMethod, *, line: LineConfig) -> Iterator[Lint]:
    if line.required_method not in (None, method):
        accepts, name = line.required_method.value.upper(), line.name or "the line"
        yield Lint("method-mismatch", "method", f"Uses {method.upper()}, but {name} only accepts {accepts}")


def advise_on_utterance(utterance: str, *, method: SipMethod) -> Iterator[Lint]:
    """A REFER leaves at once; the sentence's length in seconds is an estimate."""
    if method is SipMethod.REFER and utterance.strip():
        seconds = len(utterance.strip()) / SPOKEN_CHARACTERS_A_SECOND
        yield Lint(
            "utterance-cut-off",
            "utterance",
            "Callers may not hear all of this. A REFER goes out while the sentence is still playing, and this one "
            f"takes about {seconds:.1f} s. INVITE waits until it is spoken",
        )


def advise_on_route(route: Route, *, method: SipMethod, encryption: Encryption) -> Iterator[Lint]:
    if isinstance(route.uri, TelUri) and route.text[4:].partition(";")[0] != route.uri.number:
        sentence = f"Some carriers refuse - . ( ) in a number. Try {route.uri.plain}"
        yield Lint("tel-separators", "route", sentence)
    if route.kind is RouteKind.EXTENSION and len(route.digits) > LONGEST_USUAL_EXTENSION:
        yield Lint("extension-long", "route", f"{route.digits} is dialled as an extension. For a number, begin with +")
    if method is SipMethod.INVITE and isinstance(route.uri, SipUri):
        yield from _advise_on_encryption(route.uri, encryption)


def _advise_on_encryption(uri: SipUri, encryption: Encryption) -> Iterator[Lint]:
    if uri.scheme == "sips" and encryption is Encryption.UDP_RTP:
        yield Lint("encryption-mismatch", "encryption", "A sips: address asks for TLS. Choose TLS/SRTP, or try sip:")
    if uri.param("transport") in PLAIN_TRANSPORTS and encryption is Encryption.TLS_SRTP:
        sentence = f";transport={uri.param('transport')} is not encrypted, but TLS/SRTP is chosen. Change one of them"
        yield Lint("encryption-mismatch", "encryption", sentence)


def advise_on_place(target: str, *, method: SipMethod, line: LineConfig) -> Iterator[Lint]:
    """For a transfer that has headers."""
    if place_of(method=method, target=target, line=line) is not line.header_place and method is SipMethod.REFER:
        yield Lint(
            "tel-carries-no-headers", "headers", "A tel: address carries no headers. They go on the REFER itself"
        )


def advise_on_name(name: str, *, line: LineConfig, subject: str) -> Iterator[Lint]:
    if lacks_prefix(name, line):
        yield Lint(
            "header-x-prefix", subject, f"{name} does not begin with X- and may be dropped on the way. Try X-{name}"
        )


def advise_on_value(value: str, *, known: Collection[str] | None, subject: str) -> Iterator[Lint]:
    """A configured value. known: the names a value may use beside the built-in ones, None for not known."""
    if not value.strip():
        yield Lint("value-empty", subject, "An empty header tells nobody anything. Give it a value, or remove it")
    pieces = read_pieces(value[:LONGEST_VALUE])
    # An empty value has no pieces, and then there is nothing to look at.
    for piece, following in zip(pieces, (*pieces[1:], None), strict=False):
        match piece.kind:
            case PieceKind.UNFINISHED:
                yield Lint("variable-unfinished", subject, f"“{piece.source[:40]}” is an unfinished variable")
            case PieceKind.LONE_DOLLAR:
                yield Lint("lone-dollar", subject, "A dollar sign alone is sent as it is. Write $$ to be clear")
            case PieceKind.VARIABLE:
                is_last = following is None
                yield from _advise_on_variable(piece.name, known=known, is_last=is_last, subject=subject)
                if piece.source[1] != "{" and following and _is_member(following.text):
                    member = following.text[1:].split()[0][:40]
                    sentence = f"Only ${piece.name} is replaced here. For a member try ${{{piece.name}.{member}}}"
                    yield Lint("variable-dots", subject, sentence)


def _is_member(text: str) -> bool:
    return text[:1] == "." and text[1:2].isalpha()


def _advise_on_variable(name: str, *, known: Collection[str] | None, is_last: bool, subject: str) -> Iterator[Lint]:
    if known is None or name in known or name in BUILT_IN_VARIABLES:
        return
    written = write_variable(name)
    longer = next((found for found in (*BUILT_IN_VARIABLES, *known) if found.startswith(name)), None)
    if is_last and longer:
        yield Lint("variable-unfinished", subject, f"{written} is an unfinished variable. Try {write_variable(longer)}")
    else:
        yield Lint("variable-unset", subject, f"No conversation so far has set {written}")


def advise_on_hidden_headers(count: int) -> Iterator[Lint]:
    if count:
        yield Lint("headers-hidden", "headers", f"The line carries no headers. Left out: {count}")
