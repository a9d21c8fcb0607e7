"""What is wrong with an input, said in one line with its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from migrascope.model.place import Place


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that a person can mend: what, where, what to do. `width` is how many characters to underline."""

    message: str
    place: Place
    help: str = ""
    width: int = 1
    label: str = ""

    def __str__(self) -> str:
        where = str(self.place)
        line = f"{where}: {self.message}" if where else self.message
        return f"{line} ({self.help})" if self.help else line


class InputError(Exception):
    """Nothing usable could be read. Carries every problem that was found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def input_error(message: str, file: str, help: str = "") -> InputError:  # noqa: A002 (the word a reader expects)
    """An error about a whole file."""
    return InputError(Problem(message, Place(file=file), help))


def suggestion(word: object, words: Iterable[str]) -> str:
    """`did you mean …?`, where a word comes close; else an empty text."""
    close = get_close_matches(str(word), list(words), n=1, cutoff=0.6)
    return f"did you mean `{close[0]}`?" if close else ""
