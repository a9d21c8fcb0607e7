"""Pictures: every tie is drawn between its ends, nothing lies on anything, and words say what shapes show."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.model.landscape import Group, Kind, Landscape, Tie
from migrascope.reports.html.pictures.lanes import Lane, lanes
from migrascope.reports.html.pictures.layers import layered
from migrascope.reports.html.pictures.map import dependency_map
from migrascope.texts import speech

SAY = speech("en")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(1, 9))
    nodes = st.integers(0, count - 1)
    edges = draw(st.lists(st.tuples(nodes, nodes).filter(lambda edge: edge[0] != edge[1]), unique=True, max_size=20))
    return count, edges


@given(graphs())
def test_every_node_has_one_place_and_every_edge_goes_column_by_column(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = graph
    layout = layered(count, edges)
    places = {node: number for number, column in enumerate(layout.columns) for node in column}
    assert sum(map(len, layout.columns)) == len(places)
    assert set(range(count)) <= set(places)
    for (caller, callee), route in zip(edges, layout.routes, strict=True):
        assert (route[0], route[-1]) == (caller, callee)
        assert {places[b] - places[a] for a, b in pairwise(route)} in ({1}, {-1})


@given(graphs())
def test_without_a_circle_every_caller_stands_left(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = graph
    edges = [(a, b) for a, b in edges if a < b]
    layout = layered(count, edges)
    places = {node: number for number, column in enumerate(layout.columns) for node in column}
    assert all(places[a] < places[b] for a, b in edges)


def town(groups: int, ties: list[tuple[int, int, Kind]]) -> Landscape:
    return Landscape(
        groups=tuple(Group(unit=f"u{n}", name=f"Unit <{n}>", members=1 + n % 2, stays=n == 1) for n in range(groups)),
        ties=tuple(Tie(caller=a, callee=b, kind=kind) for a, b, kind in ties),
    )


def test_a_map_draws_each_group_and_tie_and_says_them_in_words() -> None:
    drawn = dependency_map(town(3, [(0, 1, "hard"), (1, 2, "unknown")]), SAY, "u0")
    assert drawn.count("<rect") == 3
    assert len(re.findall(r'class="head', drawn)) == 2
    assert "Unit &lt;0&gt; calls Unit &lt;1&gt;: cannot run apart" in drawn
    assert 'stroke-dasharray="7 4"' in drawn  # what nobody said is told by more than colour
    assert 'class="box first"' in drawn


def test_too_many_ties_for_the_eye_become_a_matrix() -> None:
    ties: list[tuple[int, int, Kind]] = [(a, b, "soft") for a in range(9) for b in range(9) if a != b]
    drawn = dependency_map(town(9, ties), SAY)
    assert drawn.count('class="cell soft"') == len(ties)
    assert "box" not in re.findall(r'class="([^"]+)"', drawn)


def test_nothing_tied_is_no_map() -> None:
    assert dependency_map(town(2, []), SAY) == ""


@pytest.mark.parametrize("stop", [None, dt.date(2027, 3, 1)])
def test_lanes_lie_on_their_days(stop: dt.date | None) -> None:
    steps = [
        Lane("first", dt.date(2027, 1, 1), dt.date(2027, 2, 1)),
        Lane("over", dt.date(2027, 2, 1), dt.date(2027, 2, 1), cutover=True),
    ]
    drawn = lanes(steps, dt.date(2027, 1, 1), dt.date(2027, 3, 31), SAY, stop)
    starts = [float(x) for x in re.findall(r'<rect x="([\d.]+)"', drawn)]
    widths = [float(x) for x in re.findall(r'<rect .*?width="([\d.]+)"', drawn)]
    assert starts[0] + widths[0] == pytest.approx(starts[1], abs=0.2)
    assert widths[1] >= 4  # a day can be seen
    assert ('class="stop"' in drawn) == (stop is not None)
