"""`migrascope schema`: the JSON Schema of a file format."""

from __future__ import annotations

import click

from migrascope.cli import options


@click.command("schema")
@click.argument(
    "format_",
    metavar="plan|rule|inventory|assessment",
    type=click.Choice(["plan", "rule", "inventory", "assessment"]),
)
@options.output
def command(format_: str, output: str) -> int:
    """Print the JSON Schema of a format, for editors and validators."""
    from migrascope.model.schema import schema_text

    options.deliver(output, schema_text(format_).encode())
    return 0
