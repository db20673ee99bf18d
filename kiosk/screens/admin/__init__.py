"""What staff see when they are signed in: one file per page."""
