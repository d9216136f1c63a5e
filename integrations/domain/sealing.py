"""Secrets at rest: sealed under a key derived from the installation's secret, its id beside the ciphertext."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]
SEPARATOR = "$"


class UnreadableSecret(Exception):
    """Sealed under a key we no longer have, or damaged: enter the secret again, or put the old key back."""


@dataclass(frozen=True, slots=True)
class Key:
    id: str  # eight hex digits; says which key sealed a text, and nothing about it
    fernet: Fernet = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """Seals under the first key, opens under any: that is how the installation's secret is changed."""

    keys: tuple[Key, ...]

    @classmethod
    def of(cls, installation_secrets: Sequence[str]) -> "Keyring":
        """`installation_secrets` stand newest first; at least one."""
        return cls(tuple(_derive(secret) for secret in installation_secrets))

    def seal(self, value: JsonValue) -> str:
        """Return `{key id}${ciphertext}`; every call another text. Raises TypeError for what is no JSON."""
        key = self.keys[0]
        return key.id + SEPARATOR + key.fernet.encrypt(json.dumps(value).encode()).decode()

    def open(self, sealed: str) -> JsonValue:
        """Return the value sealed in `sealed`. Raises UnreadableSecret."""
        key_id, _, token = sealed.partition(SEPARATOR)
        key = next((key for key in self.keys if key.id == key_id), None)
        if key is None:
            raise UnreadableSecret(f"Sealed under key {key_id[:8]!r}, which this installation does not have")
        try:
            value: JsonValue = json.loads(key.fernet.decrypt(token.encode(errors="replace")))
        except InvalidToken as error:
            raise UnreadableSecret(f"Damaged under key {key_id!r}") from error
        return value

    def is_current(self, sealed: str) -> bool:
        """Tell whether `sealed` stands under the newest key, so that it need not be sealed again."""
        return sealed.startswith(self.keys[0].id + SEPARATOR)


@lru_cache(maxsize=8)
def _derive(secret: str) -> Key:
    material = _expand(secret, b"handoff-studio secrets at rest")
    return Key(_expand(secret, b"handoff-studio key id")[:4].hex(), Fernet(base64.urlsafe_b64encode(material)))


def _expand(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
