"""Stand-ins that speak the wire formats of platforms and check their signatures."""
