"""Devices that can be steered while everything runs."""
