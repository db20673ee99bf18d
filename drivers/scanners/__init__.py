"""Code scanners: framing, decoding, and the lines they sit on."""
