"""The reference central service."""
