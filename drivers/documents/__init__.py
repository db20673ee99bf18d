"""Whole pages on A4 printers, over IPP."""
