"""Programs that fire what is due when they are asked to."""
