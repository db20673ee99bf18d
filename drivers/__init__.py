"""Hardware. Knows bytes and paper, not invoices."""
