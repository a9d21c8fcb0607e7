"""In whose name an opinion is given, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MediaType = Literal["image/png", "image/jpeg"]


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, as it is put into the report."""

    content: bytes
    media_type: MediaType


@dataclass(frozen=True, slots=True)
class Brand:
    """Who advises, for which firm, and whom. Nothing of it changes what is advised."""

    consultant: str | None = None
    organisation: str | None = None
    contact: str | None = None
    client: str | None = None
    logo: Logo | None = None

    @property
    def by(self) -> str:
        """Who advises, in one line."""
        return ", ".join(part for part in (self.consultant, self.organisation, self.contact) if part)
