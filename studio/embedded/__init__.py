"""PostgreSQL and Redis out of wheels, for when no URL is configured."""
