"""Small keypads to feel, for people who cannot see or cannot touch the glass."""
