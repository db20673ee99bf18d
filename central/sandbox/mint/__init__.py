"""Made-up invoices and seals for trials: same seed, same bytes."""
