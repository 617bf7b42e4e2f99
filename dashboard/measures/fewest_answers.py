"""The fewest answers after which every chosen member, and all actions together, are at most so many points wide.

A member of N actions of which U are unknown has a completion rate between bounds that are U / N apart. An answer about
one of its unknown actions narrows that by 1 / N, whatever it says. So each member needs some answers, an answer counts
in every member that its action is in, and the smallest set that gives all of them enough is an integer program. Up to
`MOST_EXACT` unknown actions it is solved exactly (by HiGHS, where own code would be a slow branch and bound). Beyond
that each next answer is the one that counts for most of the members that are still too wide; answers that prove
needless are left out afterwards.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import highspy
import numpy as np
import numpy.typing as npt
from highspy._core import _Highs  # its subclass for people greets on standard output

MOST_EXACT = 300
"""Unknown actions up to which the answer is exact."""
MOST_SECONDS = 10.0
"""The time limit of the exact search; after it, the best set found is returned, with its distance from the best."""

Method = Literal["exact", "stopped", "greedy"]
Booleans = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


class Answer(NamedTuple):
    """One answer of a proposal: the action by its row, and the members that it counts for at its turn."""

    row: int
    counts_for: tuple[int, ...]


class Proposal(NamedTuple):
    """A set of answers that is enough, in the order in which they narrow most.

    Attributes:
        answers: Each next one counts for most of the members that are still too wide; of equal ones, the first row.
        method: `exact`: no smaller set is enough; `stopped`: the search took too long; `greedy`: too many actions.
        at_least: No set with fewer answers than this is enough.
        needs: The number of answers that each member needs.
    """

    answers: tuple[Answer, ...]
    method: Method
    at_least: int
    needs: tuple[int, ...]


def count_needs(unknown: Sequence[int], actions: Sequence[int], points: int) -> Numbers:
    """Count the answers that each member needs so that its bounds are at most `points` percentage points apart."""
    allowed = np.asarray(actions, dtype=np.int64) * points // 100
    needs: Numbers = np.maximum(np.asarray(unknown, dtype=np.int64) - allowed, 0)
    return needs


def propose(
    belongs: Booleans,
    needs: Numbers,
    pending: Booleans | None = None,
    *,
    most_exact: int = MOST_EXACT,
    most_seconds: float = MOST_SECONDS,
) -> Proposal:
    """Find the fewest rows that give every member as many as it needs.

    Args:
        belongs: Unknown actions × members: which action is in which member. Of equal actions the first ones are taken,
            so the rows are in order of preference.
        needs: The number of answers that each member needs, at most its number of rows.
        pending: The rows whose answers may be on their way; of equally small sets, the result has most of them.
        most_exact: Rows up to which the answer is exact.
        most_seconds: The time limit of the exact search.
    """
    kinds = _Kinds(belongs[:, needs > 0], np.zeros(len(belongs), dtype=np.bool_) if pending is None else pending)
    open_needs = needs[needs > 0]
    places = np.flatnonzero(needs > 0)
    quick = _drop_needless(kinds, _pick(kinds, kinds.counts, open_needs), open_needs)
    method: Method = "greedy"
    chosen, at_least = quick, int(open_needs.max(initial=0))
    if len(belongs) <= most_exact:
        method, chosen, at_least = _solve(kinds, open_needs, quick, most_seconds)
    answers = [
        Answer(row, tuple(places[list(members)].tolist()))
        for row, members in kinds.name_rows(_pick(kinds, chosen, open_needs))
    ]
    return Proposal(tuple(answers), method, at_least, tuple(needs.tolist()))


class _Step(NamedTuple):
    """Some actions of one kind in a row of the order, and the members that were too wide and that they count for."""

    kind: int
    times: int
    members: tuple[int, ...]


class _Kinds:
    """The kinds of actions: those in the same members are one kind, for the count is the same whichever answer.

    Those with pending answers are a separate kind.
    """

    def __init__(self, belongs: Booleans, pending: Booleans) -> None:
        distinct_rows, first, self._of, self.counts = np.unique(
            np.column_stack([pending, belongs]), axis=0, return_index=True, return_inverse=True, return_counts=True
        )
        order = np.argsort(first, kind="stable")  # kinds stand in the order of their first rows
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        self.members, self.is_pending = distinct_rows[order, 1:], distinct_rows[order, 0]
        self.counts, self._of = self.counts[order], place[self._of.ravel()]

    @property
    def costs(self) -> npt.NDArray[np.float64]:
        """The cost of an action of each kind: all the others' surplus together is less than one pending action."""
        return np.where(self.is_pending, 1.0, 1.0 + 1.0 / (self.counts.sum() + 1))

    def name_rows(self, steps: Sequence[_Step]) -> list[tuple[int, tuple[int, ...]]]:
        """List the rows of the steps, of each kind the first remaining ones, with the members that they count for."""
        rows = np.argsort(self._of, kind="stable")
        begins = np.concatenate([[0], np.cumsum(self.counts)])
        positions = begins[:-1].copy()
        named_rows: list[tuple[int, tuple[int, ...]]] = []
        for kind, times, members in steps:
            named_rows += [(int(row), members) for row in rows[positions[kind] : positions[kind] + times]]
            positions[kind] += times
        return named_rows


def _pick(kinds: _Kinds, available: Numbers, needs: Numbers) -> list[_Step]:
    """Take the kind that counts for most members that are still too wide, again and again, until none is.

    Between two steps only the used rows and the closed members change, so each step takes as many as it can at once.
    """
    remaining, missing = available.copy(), needs.copy()
    is_open = missing > 0
    gains = kinds.members[:, is_open].sum(axis=1)
    steps = []
    while is_open.any():
        kind = int(np.argmax(np.where(remaining > 0, gains, -1)))
        members = np.flatnonzero(kinds.members[kind] & is_open)
        times = int(min(remaining[kind], missing[members].min()))
        steps.append(_Step(kind, times, tuple(members.tolist())))
        remaining[kind] -= times
        missing[members] -= times
        closed = members[missing[members] == 0]
        is_open[closed] = False
        gains -= kinds.members[:, closed].sum(axis=1)
    return steps


def _drop_needless(kinds: _Kinds, steps: Sequence[_Step], needs: Numbers) -> Numbers:
    """Count the picks of each kind, less those whose members have enough without them, the last picked first."""
    chosen = np.zeros(len(kinds.counts), dtype=np.int64)
    for kind, times, _ in steps:
        chosen[kind] += times
    spare = chosen @ kinds.members.astype(np.int64) - needs
    for kind, times, _ in reversed(steps):
        members = kinds.members[kind]
        needless = min(times, int(spare[members].min()))
        chosen[kind] -= needless
        spare[members] -= needless
    return chosen


def _solve(kinds: _Kinds, needs: Numbers, quick: Numbers, most_seconds: float) -> tuple[Method, Numbers, int]:
    """Find the fewest of each kind, as whole numbers; at the end of the time, the best so far, with its quality."""
    if not len(needs):
        return "exact", quick, 0
    solver = _Highs()
    for option, value in _OPTIONS.items():
        solver.setOptionValue(option, value)
    solver.setOptionValue("time_limit", most_seconds)
    solver.passModel(_state(kinds, needs))
    solver.run()
    solution = np.rint(np.asarray(solver.getSolution().col_value)).astype(np.int64)
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return "exact", solution, int(solution.sum())
    bound = solver.getInfo().mip_dual_bound / kinds.costs.max(initial=1.0)
    at_least = max(int(needs.max()), int(np.ceil(bound - 1e-6)) if np.isfinite(bound) else 0)
    is_enough = len(solution) == len(quick) and bool((solution @ kinds.members.astype(np.int64) >= needs).all())
    best = solution if is_enough and solution.sum() < quick.sum() else quick
    return ("exact" if best.sum() <= at_least else "stopped"), best, at_least


_OPTIONS = {"output_flag": False, "threads": 1, "mip_rel_gap": 0.0, "random_seed": 0}


def _state(kinds: _Kinds, needs: Numbers) -> highspy.HighsLp:
    """State the program: as few as possible of each kind, at most as many as there are, for each member enough."""
    size, rows = kinds.members.shape
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = size, rows
    program.col_cost_ = kinds.costs
    program.col_lower_, program.col_upper_ = np.zeros(size), kinds.counts.astype(np.float64)
    program.row_lower_, program.row_upper_ = needs.astype(np.float64), np.full(rows, highspy.kHighsInf)
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kColwise
    matrix.start_ = np.concatenate([[0], np.cumsum(kinds.members.sum(axis=1))]).astype(np.int32)
    matrix.index_ = np.nonzero(kinds.members)[1].astype(np.int32)
    matrix.value_ = np.ones(int(kinds.members.sum()))
    program.integrality_ = [highspy.HighsVarType.kInteger] * size
    return program
