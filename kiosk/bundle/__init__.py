"""The support bundle: one sealed file that says how a terminal is, and nothing of a person."""
