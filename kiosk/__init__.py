"""The self-service invoice terminal."""
