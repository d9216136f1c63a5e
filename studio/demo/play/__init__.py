"""Real customers, played from a file of transcripts through the public socket: an outside client."""
