"""What an e-invoice is: bytes in, values out. No clock, no disk, no network."""
