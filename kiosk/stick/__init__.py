"""Invoices on a USB stick: found, read and checked in a confined process of its own."""
