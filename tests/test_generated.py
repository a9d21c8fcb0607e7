"""What is generated from code is fresh: schemas, rule pages, compiled texts, expected opinions."""

from __future__ import annotations

import pytest

from docs.generate import generated, same
from tests.support import ROOT

GENERATED = list(generated())


@pytest.mark.parametrize(("path", "content"), GENERATED, ids=[str(path.relative_to(ROOT)) for path, _ in GENERATED])
def test_generated_files_are_fresh(path: object, content: bytes) -> None:
    from pathlib import Path

    assert isinstance(path, Path)
    assert path.exists(), "run `make docs`"
    assert same(path, content), "run `make docs`"
