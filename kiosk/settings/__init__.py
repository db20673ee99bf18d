"""Settings that the terminal keeps itself: what staff set at it, and what the service signed."""
