"""Stand-ins for upstream platforms, and faults to order."""
