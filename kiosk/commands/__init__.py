"""The commands, one file per group; each lists its own in `COMMANDS`."""
