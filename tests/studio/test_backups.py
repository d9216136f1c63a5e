from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg
import pytest

from studio.backups import BackupFailed, make_backup, newest_backup, restore_backup

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def database(modest_database):
    """The migrated database with one row in a table of its own, and the usual rights of an owner."""
    name = urlsplit(modest_database).username
    run(modest_database, f"GRANT CREATE ON DATABASE {name} TO {name}; DROP TABLE IF EXISTS kept, newer")
    run(modest_database, "CREATE TABLE kept AS SELECT 'before the backup' AS text")
    yield modest_database
    run(modest_database, f"REVOKE CREATE ON DATABASE {name} FROM {name}; DROP TABLE kept")


def run(database: str, sql: str):
    with psycopg.connect(database, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else None


def back_up(database, tmp_path, **changes):
    options = {"database_url": database, "secret_key": "the key", "var": tmp_path, "at": NOON, "prefer_embedded": True}
    return make_backup(**options | changes)


def test_a_backup_is_the_archive_and_the_key_for_its_owner_only(database, tmp_path):
    archive = back_up(database, tmp_path)
    assert archive == tmp_path / "backups" / "20260301T120000Z.dump"
    files = {path.name: path.stat().st_mode & 0o777 for path in archive.parent.iterdir()}
    assert files == {"20260301T120000Z.dump": 0o600, "20260301T120000Z.secret.key": 0o600}
    assert archive.with_suffix(".secret.key").read_text() == "the key\n"


def test_a_restored_database_is_exactly_the_one_backed_up(database, tmp_path):
    archive = back_up(database, tmp_path)
    run(database, "UPDATE kept SET text = 'changed after it'; CREATE TABLE newer (id int)")
    restore_backup(archive=archive, database_url=database, prefer_embedded=True)
    assert run(database, "SELECT text FROM kept") == [("before the backup",)]
    assert run(database, "SELECT to_regclass('newer'), to_regnamespace('before_restore')") == [(None, None)]
    assert run(database, "SELECT count(*) > 10 FROM django_migrations") == [(True,)]


def test_a_restored_database_can_be_backed_up_and_restored_again(database, tmp_path):
    restore_backup(archive=back_up(database, tmp_path), database_url=database, prefer_embedded=True)
    archive = back_up(database, tmp_path, at=NOON.replace(hour=13))
    run(database, "DELETE FROM kept")
    restore_backup(archive=archive, database_url=database, prefer_embedded=True)
    assert run(database, "SELECT text FROM kept") == [("before the backup",)]


def test_a_damaged_archive_leaves_the_database_as_it_was(database, tmp_path):
    archive = back_up(database, tmp_path)
    archive.write_bytes(archive.read_bytes()[:20_000])
    with pytest.raises(BackupFailed, match=r"^pg_restore failed: "):
        restore_backup(archive=archive, database_url=database, prefer_embedded=True)
    assert run(database, "SELECT text FROM kept") == [("before the backup",)]
    assert run(database, "SELECT to_regnamespace('before_restore')") == [(None,)]


def test_a_failed_backup_is_no_backup(tmp_path):
    with pytest.raises(BackupFailed, match=r"^pg_dump failed: .*Connection refused"):
        back_up("postgresql://me:hunter2@127.0.0.1:1/nothing", tmp_path)
    assert newest_backup(tmp_path) is None


def test_the_newest_backup_is_the_one_with_the_latest_time(tmp_path):
    assert newest_backup(tmp_path) is None
    (tmp_path / "backups").mkdir()
    for name in ("20260301T120000Z.dump", "20260302T120000Z.dump", "20260302T120000Z.secret.key"):
        (tmp_path / "backups" / name).touch()
    assert newest_backup(tmp_path).name == "20260302T120000Z.dump"
