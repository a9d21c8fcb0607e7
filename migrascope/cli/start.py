"""Start the command line: the one place that turns errors into lines and exit codes."""

from __future__ import annotations

import os
import sys
import traceback

import click

from migrascope.cli import main_group, settings
from migrascope.model.problem import InputError

OK, FAIL_ON, USAGE, INCOMPLETE, FAULT, INTERRUPTED = 0, 1, 2, 3, 70, 130


def start(arguments: list[str]) -> int:
    """Run a command line; gives the exit code."""
    try:
        code = main_group.main(arguments, prog_name="migrascope", standalone_mode=False, **settings())
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except click.exceptions.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted; nothing half-written was left", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except InputError as error:
        from migrascope.cli.problems import show

        show(error)
        return USAGE
    except BrokenPipeError:
        # The reader of the pipe went away: nothing to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        return _fault(error, arguments)


def _fault(error: Exception, arguments: list[str]) -> int:
    if "-v" in arguments or "--verbose" in arguments:
        traceback.print_exc()
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(where.filename)}:{where.lineno}"  # noqa: PTH119 (a name, not a file)
    click.echo(f"error: a fault of ours: {type(error).__name__}: {error} ({place})", err=True)
    click.echo("  = help: run it again with -v and report what it prints", err=True)
    return FAULT
