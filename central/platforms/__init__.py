"""Connectors to upstream platforms behind one interface."""
