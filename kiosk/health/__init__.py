"""What can be wrong with a terminal, how that is known, and what to do about it."""
