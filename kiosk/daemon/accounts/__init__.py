"""Who of the staff may work at this terminal, and how they prove it."""
