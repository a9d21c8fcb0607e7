"""What these tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def fewer_futures() -> Iterator[None]:
    """A hundred futures instead of ten thousand: what is asked here is asked thousands of times, and not of money."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("migrascope.costing.opinion.DRAWS", 100)
        patch.setattr("migrascope.costing.opinion.FEWER_DRAWS", 100)
        yield
