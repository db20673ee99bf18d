"""What the terminal owes the central service. Knows nothing of invoices or hardware."""
