"""What a voice route's form shows for a method on a line: one rule for form, API and saving."""

from dataclasses import dataclass, replace

from handoffs.domain.sip.voice import Encryption, LineConfig, SipMethod, VoiceConfig


@dataclass(frozen=True, slots=True)
class FieldsShown:
    """What is shown. method: the one the form has chosen, the line's where it is locked; methods: those offered;
    route, encryption, headers: whether the field is there. What is not shown is not saved."""

    method: SipMethod
    methods: tuple[SipMethod, ...]
    route: bool
    encryption: bool
    headers: bool

    @property
    def is_method_locked(self) -> bool:
        return len(self.methods) == 1


def fields_shown(method: SipMethod, line: LineConfig) -> FieldsShown:
    """The form of a voice route by `method` on `line`: BYE has no route, only INVITE has an encryption, and a line
    may lock the method, hide the route and hide the headers."""
    chosen = line.required_method or method
    return FieldsShown(
        method=chosen,
        methods=(chosen,) if line.required_method else tuple(SipMethod),
        route=chosen is not SipMethod.BYE and not line.hides_route,
        encryption=chosen is SipMethod.INVITE,
        headers=not line.hides_headers,
    )


def apply_constraints(voice: VoiceConfig, line: LineConfig) -> VoiceConfig:
    """The voice route as it is saved on `line`: the line's method, and nothing in fields that are not shown."""
    shown = fields_shown(voice.method, line)
    return replace(
        voice,
        method=shown.method,
        route=voice.route if shown.route else "",
        encryption=voice.encryption if shown.encryption else Encryption.TLS_SRTP,
        headers=voice.headers if shown.headers else (),
    )
