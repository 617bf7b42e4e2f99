"""Promised and reached numbers against pandas, and what may not be added up."""

from datetime import date
from itertools import product

import pandas as pd
import pytest

from dashboard.errors import SelectionError
from dashboard.measures.counts import by_dimension, count_further, cross, headline, listed_members
from dashboard.measures.facts import AMOUNTS, RESULTS, Amount, Fact, add_counts, count_in_all, find_fact
from dashboard.measures.results import choose_amount, list_amounts, reached_over_time
from dashboard.measures.standing import know_members, know_total
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import some
from tests.promised import CHILDREN, DOLLARS, EUROS, INSPECTORS, LAWS, SHARE, Numbers
from tests.tables import Tables, on

DAYS = (date(2021, 2, 1), date(2021, 6, 1), date(2021, 9, 30), date(2021, 12, 31), date(2022, 2, 1))
SELECTIONS = (
    Selection(),
    Selection(regions=("africa",)),
    Selection(themes=("education",), groups=("government", "civil_society")),
    Selection(statuses=("completed",)),
    Selection(q="no action has these words"),
)
SUMMED = (CHILDREN, INSPECTORS, DOLLARS, EUROS, LAWS)


@pytest.fixture(scope="module")
def numbers(promised: Snapshot) -> Numbers:
    return Numbers(promised)


def add_up(frame: pd.DataFrame, fact_counts) -> dict[str, float]:
    return {name: round(float(frame[name].sum()), 6) for name in fact_counts}


@pytest.mark.parametrize(("selection", "day"), some(list(product(SELECTIONS, DAYS)), 5))
def test_totals_are_those_of_pandas(
    selection: Selection, day: date, promised: Snapshot, numbers: Numbers, tables: Tables
) -> None:
    chosen, asked = tables.select(selection, day)["action_id"], on(selection, day)
    counts = count_in_all(promised, asked, RESULTS)
    assert counts == add_up(numbers.judge(chosen, day), RESULTS.counts)
    assert counts["results"] == counts["results_met"] + counts["results_short"] + counts["results_unknown"]
    for amount in SUMMED:
        found = count_in_all(promised, asked, find_fact("reached_share", amount))
        assert found == add_up(numbers.reckon(chosen, day, amount), AMOUNTS.counts), amount
        total = count_further(promised, asked, headline(promised, asked), "reached_share", amount)
        bounds = know_total(total, "reached_share")
        assert bounds.part == found["reached"] and bounds.size == found["results"]
        assert bounds.most == found["reached"] + found["promised_unknown"]


@pytest.mark.parametrize("day", DAYS[2:4])
def test_members_and_pairs_are_those_of_pandas(day: date, promised: Snapshot, numbers: Numbers, tables: Tables) -> None:
    selection = on(Selection(groups=("government", "business", "unclassified")), day)
    chosen = tables.select(selection, day)["action_id"]
    facts: list[tuple[pd.DataFrame, str, Amount | None, Fact]] = [
        (numbers.judge(chosen, day), "targets_met_rate", None, RESULTS)
    ]
    facts += [(numbers.reckon(chosen, day, one), "reached_share", one, AMOUNTS) for one in (CHILDREN, EUROS)]
    themes, regions = tables.members["theme"], tables.members["region"]
    for frame, rate, amount, fact in facts:
        names = [*fact.counts]
        for dimension, members in tables.members.items():
            codes = pd.DataFrame({"code": listed_members(promised, selection, dimension)})
            found = add_counts(promised, selection, codes, rate, dimension, amount=amount)
            joined = frame.merge(members, on="action_id").groupby("member")[names].sum()
            expected = joined.reindex(codes["code"], fill_value=0).astype(float).round(6)
            assert found[names].astype(float).to_dict("list") == expected.to_dict("list"), dimension
            known = [bounds for bounds in know_members(found, rate) if bounds.denominator]
            assert all(bounds.lower <= bounds.upper for bounds in known)
        pairs = cross(promised, selection, "theme", "region")
        pairs = add_counts(promised, selection, pairs, rate, "theme", "region", amount=amount)
        joined = frame.merge(themes.rename(columns={"member": "row_code"}), on="action_id")
        joined = joined.merge(regions.rename(columns={"member": "column_code"}), on="action_id")
        expected = joined.groupby(["row_code", "column_code"])[names].sum().astype(float).round(6)
        found = pairs.set_index(["row_code", "column_code"])[names].astype(float)
        assert found[found.any(axis=1)].to_dict("index") == expected[expected.any(axis=1)].to_dict("index")


def test_every_day_of_a_curve_is_the_sum_of_that_day(promised: Snapshot) -> None:
    selection = Selection(regions=("africa", "americas"), as_of=date(2022, 1, 5))
    for amount in (CHILDREN, EUROS):
        frame = reached_over_time(promised, selection, amount).set_index("on_date")
        assert len(frame) == 370
        for day in (*DAYS[:4], date(2021, 1, 1)):
            counts = count_in_all(promised, on(selection, day), find_fact("reached_share", amount))
            row = frame.loc[pd.Timestamp(day), ["promised", "reached", "promised_unknown", "results"]]
            assert row.to_dict() == {name: counts[name] for name in row.index}, day
    by_member = by_dimension(promised, selection, "region")
    assert add_counts(promised, selection, by_member, "reached_share", "region", amount=CHILDREN)["promised"].sum()


def test_units_are_never_mixed_and_shares_never_added(promised: Snapshot, unpromised: Snapshot) -> None:
    assert (
        set(list_amounts(promised)) == set(SUMMED) and choose_amount(promised) == CHILDREN == list_amounts(promised)[0]
    )
    assert choose_amount(promised, "money_spent", "eur_2021") == EUROS
    assert choose_amount(promised, unit="people") == INSPECTORS
    for asked, words, allowed in (
        (("money_spent",), r"several units \(usd_2021, eur_2021\)", ("usd_2021", "eur_2021")),
        (("money_spent", "children"), "no unit", ("usd_2021", "eur_2021")),
        (("", "schools"), "Numbers have no unit 'schools'", ("usd_2021", "eur_2021")),
        ((SHARE.indicator,), "may not be added up", tuple(one.indicator for one in (CHILDREN,))),
        (("schools_built",), "are not promised", ()),
    ):
        with pytest.raises(SelectionError, match=words) as refused:
            choose_amount(promised, *asked)
        assert set(allowed) <= set(refused.value.allowed)
    assert list_amounts(unpromised) == [] and choose_amount(unpromised) == Amount("", "")
    assert not any(count_in_all(unpromised, Selection(), find_fact("reached_share", Amount("", ""))).values())
