"""The commands."""

import click


@click.group()
def main() -> None:
    """Self-service invoice terminal."""
