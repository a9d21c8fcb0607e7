"""`migrascope schema`: the JSON Schema of a file format."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from migrascope.cli import options


class Format(click.ParamType[str]):
    """A file format. The names are looked up late: they come with all that reads them."""

    name = "format"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from migrascope.readers.formats import FORMATS

        return click.Choice(FORMATS).convert(value, param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from migrascope.readers.formats import FORMATS

        return click.Choice(FORMATS).shell_complete(ctx, param, incomplete)


@click.command("schema")
@click.argument(
    "format_",
    metavar="FORMAT",
    type=Format(),
)
@options.output
def command(format_: str, output: str) -> int:
    """Print the JSON Schema of a file format, for editors and validators.

    FORMAT is plan, rule, inventory (one line of it), assessment, answers, waivers, rules-profile, scenario, rate-card, brand,
    mapping, workloads or accounts.
    """
    from migrascope.readers.formats import schema_text

    options.deliver(output, schema_text(format_).encode())
    return 0
