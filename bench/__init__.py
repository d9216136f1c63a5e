"""Measures the studio beside a floor (the least these parts can cost) and a textbook Django stack, in the same run."""
