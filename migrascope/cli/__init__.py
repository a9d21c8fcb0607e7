"""The command line: one file a command. Nothing else prints, reads the environment or sets an exit code."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import click

from migrascope import __version__

COMMANDS: Final = {
    "demo": "See the whole opinion on a bundled estate, offline.",
    "collect": "Collect an inventory of what really runs.",
    "check": "Check a plan's schema and references, nothing else.",
    "init": "Draft a plan, from an inventory where there is one.",
    "review": "Judge a plan: the main job.",
    "first": "Name the one workload to move first.",
    "health": "Judge what was seen, without a plan: three things to do this quarter.",
    "render": "A stored opinion in another format or language.",
    "diff": "What changed from one opinion to the next.",
    "rules": "List, explain and test the rules.",
    "prices": "Show what something costs at list, or read the prices of today.",
    "schema": "Print the JSON Schema of a file format.",
    "doctor": "Say what is installed and where settings come from.",
}
"""Commands in the order of the help; each is a module of this package, imported when it is asked for."""


class LateGroup(click.Group):
    """Imports a command when somebody asks for it, so that help costs nothing."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return super().get_command(ctx, name)
        command: click.Command = import_module(f"migrascope.cli.{name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        # click suggests only from commands that were added; ours are listed instead.
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            from difflib import get_close_matches

            close = get_close_matches(name, COMMANDS, n=1)
            hint = f" Did you mean '{close[0]}'?" if close else ""
            ctx.fail(f"No such command '{name}'.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The table holds the short help, so that no command has to be imported for it.
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


_EPILOG: Final = """\b
Examples:
  migrascope demo
  migrascope collect rvtools export.xlsx -o inventory.jsonl
  migrascope init --from inventory.jsonl plan.yaml
  migrascope review plan.yaml -i inventory.jsonl
  migrascope review plan.yaml -i inventory.jsonl -f json=opinion.json

\b
Exit codes: 0 done, 1 --fail-on reached, 2 nothing usable was read,
3 done but incomplete, 70 our own fault, 130 interrupted.
"""


@click.group(
    cls=LateGroup,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.version_option(__version__, "-V", "--version", package_name="migrascope", message="%(prog)s %(version)s")
def main_group() -> None:
    """A second opinion on a cloud migration, from facts, with nothing to sell.

    Reads a migration plan and what was seen to run; says what the plan misses. Works offline; only `collect` and
    `prices refresh` ever open a connection, and only to read.
    """


def settings() -> dict[str, Any]:
    """How the group is started: options may come from the environment as MIGRASCOPE_COMMAND_OPTION."""
    return {"auto_envvar_prefix": "MIGRASCOPE"}
