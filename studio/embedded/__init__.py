"""Real PostgreSQL and Redis out of wheels, for an installation that names no servers of its own."""
