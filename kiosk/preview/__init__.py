"""A picture of a PDF, drawn by a child that can reach nothing."""
