"""As whom, and where, PostgreSQL runs: it refuses to run as root."""

import hashlib
import os
import pwd
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

SHELTER = Path("/var/lib/handoff-studio")
"""Where root keeps PostgreSQL when the checkout lies below a directory that only root may enter, such as /root."""


class AccountOptions(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    user: int
    group: int

    @property
    def ids(self) -> tuple[int, int]:
        return self.user, self.group

    @property
    def options(self) -> AccountOptions:
        """For `subprocess`: this user, this group, and none of the groups we are in."""
        return {"user": self.user, "group": self.group, "extra_groups": []}


def postgres_account(data: Path) -> Account | None:
    """The unprivileged account for PostgreSQL, or None for the current user.

    Root uses the account that owns the data already, so that data made by an ordinary user stays theirs; else nobody.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat() if data.exists() else None
    if owner and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def can_enter(path: Path, account: Account | None) -> bool:
    """Whether the account may pass through every directory above `path`."""
    return account is None or all(_may_pass(folder, account) for folder in path.absolute().parents)


def data_directory(var: Path) -> Path:
    """Where PostgreSQL's files of this `var` lie: `var/pg`, which may be a link into the shelter."""
    return (var / "pg").resolve()


def place_data(var: Path, account: Account | None) -> None:
    """Make `var/pg` a link into the shelter when it is still absent and the account could not enter it here."""
    link = var / "pg"
    if link.exists() or link.is_symlink() or can_enter(link, account):
        return
    data = SHELTER / secrets.token_hex(8) / "pg"
    data.mkdir(parents=True)
    link.symlink_to(data)


def reachable_copy(base: Path, parts: tuple[str, ...], account: Account | None) -> Path:
    """`base` itself, or a directory in the shelter that holds its `parts` when the account cannot reach them.

    The copy is made once per version; parts keep their places, because programs find libraries relative to themselves.
    """
    if can_enter(base / parts[0] / "bin", account):
        return base
    copy = SHELTER / f"postgresql-{_fingerprint(base, parts)}"
    if not copy.exists():
        draft = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}")
        for part in parts:
            shutil.copytree(base / part, draft / part, symlinks=True)
        draft.rename(copy)
    return copy


def _fingerprint(base: Path, parts: tuple[str, ...]) -> str:
    """Tells versions apart by names and sizes of their files."""
    files = (path for part in parts for path in sorted((base / part).rglob("*")) if path.is_file())
    listing = "\n".join(f"{path.relative_to(base)}:{path.stat().st_size}" for path in files)
    return hashlib.sha256(os.fsencode(listing)).hexdigest()[:12]


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of a directory it alone may enter."""
    path.mkdir(parents=True, exist_ok=True)
    if account and path.stat().st_uid != account.user:
        os.chown(path, *account.ids)
    path.chmod(0o700)


def _may_pass(folder: Path, account: Account) -> bool:
    status = folder.stat()
    if status.st_uid == account.user:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.group:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
