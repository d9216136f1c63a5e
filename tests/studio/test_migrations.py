"""The embedded PostgreSQL has no contrib extension, and hosted ones rarely let an application create any."""

import psycopg
import pytest

RIGHTS = "SELECT rolsuper, has_database_privilege(current_database(), 'CREATE') FROM pg_roles WHERE rolname = user"


def test_everything_installs_for_an_owner_who_may_not_create_extensions(modest_database):
    with psycopg.connect(modest_database) as connection:
        assert connection.execute("SELECT extname FROM pg_extension").fetchall() == [("plpgsql",)]
        tables = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert {"event", "handoff", "delivery", "django_migrations"} <= tables


def test_that_owner_really_may_not(modest_database):
    with psycopg.connect(modest_database) as connection:
        assert connection.execute(RIGHTS).fetchone() == (False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE EXTENSION vector")
