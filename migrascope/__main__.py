"""`migrascope`, or `python -m migrascope`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end with its exit code."""
    from migrascope.cli.start import start

    sys.exit(start(sys.argv[1:]))


if __name__ == "__main__":
    main()
