"""Everything that can be said about a voice route from its configuration alone: for saving, cards and the API."""

from collections.abc import Collection

from handoffs.domain.config import DestinationConfig
from handoffs.domain.sip.findings import Lint
from handoffs.domain.sip.voice import LineConfig, VoiceConfig


def check_saved(voice: VoiceConfig, *, line: LineConfig) -> tuple[Lint, ...]:
    """What must be mended before the route is saved, at most one problem a field: subjects are `method`, `route`,
    `headers`, `headers[2].name`, `headers[2].value`. Fields that are not shown are not looked at."""
    raise NotImplementedError


def check_line(line: LineConfig) -> tuple[Lint, ...]:
    """What must be mended before a line is saved: subjects `domain`, `caller`, `allowed_headers`."""
    raise NotImplementedError


def lint_destination(
    destination: DestinationConfig, *, line: LineConfig, known_variables: Collection[str] | None = None
) -> tuple[Lint, ...]:
    """Problems, then warnings, of a destination's voice route; none without one. known_variables: the names a value
    may use beside the built-in ones, None when they are not known."""
    raise NotImplementedError
