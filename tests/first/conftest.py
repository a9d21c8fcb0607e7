"""What these tests share."""

from __future__ import annotations

import pytest

from tests.support import fewer_futures

__all__ = ["fewer_futures"]


@pytest.fixture(scope="module", autouse=True)
def _fewer_futures(fewer_futures: None) -> None:
    """No test here is about money."""
