"""Where bytes go and come from: one file per kind of connection."""
