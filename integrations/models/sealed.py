"""A column for secrets: what stands in the database opens only with the installation's key."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import models

from integrations.domain.sealing import JsonValue, Keyring


def keyring() -> Keyring:
    """Return the keys of this installation: `SECRET_KEY`, then the fallbacks Django knows for its change."""
    return Keyring.of([settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)])


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A JSON value nobody sees by accident: reading a row, printing it or logging it opens nothing."""

    text: str

    @classmethod
    def of(cls, value: JsonValue) -> "Sealed":
        return cls(keyring().seal(value))

    def open(self) -> JsonValue:
        """Return the value. Raises UnreadableSecret."""
        return keyring().open(self.text)

    def open_text(self) -> str:
        """Return a value that is known to be text. Raises UnreadableSecret."""
        return str(self.open())

    def open_pairs(self) -> dict[str, str]:
        """Return a value that is known to be an object of texts. Raises UnreadableSecret."""
        value = self.open()
        return {str(key): str(item) for key, item in value.items()} if isinstance(value, dict) else {}

    def __repr__(self) -> str:
        return "Sealed(…)"

    __str__ = __repr__


Set = TypeVar("Set")
Get = TypeVar("Get")
if TYPE_CHECKING:  # Django's fields are generic for the type checker only

    class Column(models.Field[Set, Get]): ...
else:

    class Column(models.Field):
        def __class_getitem__(cls, types: object) -> type["Column"]:
            return cls


class SealedField(Column[Set, Get]):
    """Holds a `Sealed`. A bare value is refused, so that nothing is ever stored in the open."""

    is_secret = True  # what the audit must not show
    _pyi_private_set_type: Sealed
    _pyi_private_get_type: Sealed

    def __init__(self, *args: Any, **options: Any) -> None:
        # Never a field of a form: whoever enters a secret uses an empty one of their own.
        super().__init__(*args, **{**options, "editable": False})

    def get_internal_type(self) -> str:
        return "TextField"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError(f"{self.name} takes Sealed.of(…), never a bare value")
        return value.text

    def to_python(self, value: Any) -> Sealed | None:
        """Read a fixture: it carries the ciphertext."""
        return value if value is None or isinstance(value, Sealed) else Sealed(str(value))

    def value_to_string(self, obj: models.Model) -> str:
        sealed: Any = self.value_from_object(obj)
        return "" if sealed is None else str(sealed.text)
