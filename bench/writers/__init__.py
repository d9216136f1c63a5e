"""Programs that append as fast as they can: one line of JSON asks, one answers."""
