"""One file per situation a person can be in."""
