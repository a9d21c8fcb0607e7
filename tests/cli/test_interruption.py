"""Ctrl-C that arrives at a bad moment."""

from __future__ import annotations

import signal
import warnings

import pytest

from migrascope.cli.interruption import Interruption


class Cleaned:
    """Something during whose cleaning up Ctrl-C is pressed."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_that_python_drops_while_it_cleans_up_stops_at_the_next_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interruption() as interruption, warnings.catch_warnings():
        thing = Cleaned()
        del thing  # the exception that is raised here is printed and lost
        assert interruption.noted
        with pytest.raises(KeyboardInterrupt):
            interruption.check()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_stops_at_once_as_always() -> None:
    with pytest.raises(KeyboardInterrupt), Interruption():
        signal.raise_signal(signal.SIGINT)
