"""What a person can do at the terminal, one file per flow, all on one stage."""
