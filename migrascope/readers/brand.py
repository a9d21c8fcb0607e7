"""A brand file: the consultant's name and logo, and the client, for the head of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.brand import Brand, Logo, MediaType
from migrascope.model.problem import InputError, Problem
from migrascope.model.scalars import Text
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document, parse

MAX_LOGO: Final = 512 * 1024
"""Largest logo [bytes]: it stands inside every report."""
_KINDS: Final[dict[bytes, MediaType]] = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class BrandFile(Frozen):
    """What a brand file holds."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    consultant: Text | None = Field(default=None, description="Who advises")
    organisation: Text | None = Field(default=None, description="The firm of who advises")
    contact: Text | None = Field(default=None, description="How to reach them")
    client: Text | None = Field(default=None, description="Who is advised")
    logo: Text | None = Field(default=None, description="A PNG or JPEG, named from where this file stands")


def read_brand(path: Path) -> Brand:
    """Read one, and the logo that it names. Raises InputError."""
    document = parse(read_source(path))
    found, problems = validate(BrandFile, document)
    if found is None or problems:
        raise InputError(*problems)
    logo = None if found.logo is None else _logo(path.parent / found.logo, document)
    return Brand(found.consultant, found.organisation, found.contact, found.client, logo)


def _logo(path: Path, document: Document) -> Logo:
    place = document.place(("logo",))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            Problem(f"the logo cannot be read: {error.strerror}", place, "name it from where this file stands")
        ) from None
    kind = next((kind for head, kind in _KINDS.items() if content.startswith(head)), None)
    if kind is None:
        raise InputError(Problem("the logo is neither a PNG nor a JPEG", place, "save it as PNG"))
    if len(content) > MAX_LOGO:
        raise InputError(Problem(f"the logo is larger than {MAX_LOGO // 1024} KiB", place, "make it smaller"))
    return Logo(content, kind)
