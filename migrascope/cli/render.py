"""`migrascope render`: a stored opinion in another format or language, without a second analysis."""

from __future__ import annotations

from pathlib import Path

import click

from migrascope.cli import options
from migrascope.cli.review import destinations, style_of, write


@click.command("render")
@click.argument("assessment", type=click.Path(path_type=Path, allow_dash=True))
@options.formats
@options.apply(options.output, options.lang, options.csv_profile, options.color, options.verbose)
@options.apply(options.share, options.concept, options.brand)
def command(
    assessment: Path,
    formats: tuple[str, ...],
    output: str,
    lang: str,
    csv_profile: str,
    color: str,
    verbose: bool,
    share: str | None,
    concept: bool,
    brand: Path | None,
) -> int:
    """Write ASSESSMENT, as `review -f json` stored it, in another format or language; - is standard input.

    Nothing is read or judged again: what comes out is what `review` would have written.
    """
    from migrascope.readers.assessment import read_assessment

    wanted = destinations(formats, output)
    found = read_assessment(assessment)
    plan = next((each.name for each in found.inputs if each.what == "plan"), assessment.name)
    style = style_of(lang, plan, csv_profile, verbose=verbose, share=share, concept=concept, brand=brand)
    write(found, wanted, style, color)
    return 0
