"""Promised and reached numbers for the fixture snapshot, and their sums and counts reckoned with pandas.

Several indicators: one in two currencies, a share that may not be summed, a falling one; reports before and after one
another, more than promised, none; a number that nobody promised; half numbers. The spells are derived here.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from dashboard.campaign.codelists import load_codelists
from dashboard.campaign.folder import CampaignFolder
from dashboard.measures.facts import Amount
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from tests.snapshots import open_fixture

CHILDREN, INSPECTORS = Amount("children_withdrawn", "children"), Amount("inspectors_trained", "people")
DOLLARS, EUROS = Amount("money_spent", "usd_2021"), Amount("money_spent", "eur_2021")
SHARE, LAWS = Amount("prevalence", "percent"), Amount("laws_passed", "laws")
TABLES = ("results", "result_reports", "result_spells", "indicators")
NEVER = date(9999, 12, 31)
_SHARES = (0.0, 0.25, 0.5, 0.9, 1.0, 1.4)


def promise(folder: Path) -> Snapshot:
    """Publish the fixture with promised and reached numbers."""
    return open_fixture(folder, *_list_changes())


def forgo(folder: Path) -> Snapshot:
    """Publish the fixture without any number."""
    return open_fixture(folder, *((f"delete from {table}",) for table in TABLES))  # noqa: S608  (names from here)


def _list_changes() -> Iterator[tuple[str, list[object]]]:
    for table in TABLES:
        yield f"delete from {table}", []  # noqa: S608  (names from here)
    yield "delete from codes where codelist in ('indicators', 'units')", []
    codelists = load_codelists(CampaignFolder(SHIPPED_CAMPAIGN))
    for code in (*codelists["indicators"], *codelists["units"]):
        labels = [code.labels[lang] for lang in ("en", "fr", "es")]
        values = [code.codelist, code.code, *labels, code.sort_order, *labels]
        yield "insert into codes values (?, ?, ?, ?, ?, ?, null, null, map {'en': ?, 'fr': ?, 'es': ?})", values
    for code in codelists["indicators"]:
        direction, is_summable = code.extra["direction"] or "up", code.extra["is_summable"] == "yes"
        yield "insert into indicators values (?, ?, ?, ?)", [code.code, code.extra["unit"], direction, is_summable]
    telling_numbers = count(1)
    for number, (action, amount, baseline, target, tellings) in enumerate(_list_numbers(), start=1):
        action_id, sign = f"FIX-{action:03}", -1 if amount == SHARE else 1
        start = 0.0 if baseline is None and sign > 0 else baseline
        promised = None if target is None or start is None else sign * (target - start)
        promised = None if promised is not None and promised < 0 else promised
        values = [number, action, action_id, *amount, baseline, target, promised, number]
        yield "insert into results values (?, ?, ?, ?, ?, ?, null, ?, null, ?, null, 'numbers.csv', null, ?)", values
        for (day, actual), (until, _) in pairwise([*tellings, (NEVER, 0.0)]):
            reached = None if start is None else sign * (actual - start)
            telling = next(telling_numbers)
            values = [number, action, action_id, actual, reached, day, number, telling]
            yield (
                "insert into result_reports values (?, ?, ?, ?, null, ?, null, ?, null, 'numbers.csv', null, ?, ?)",
                values,
            )
            values = [number, action, day, until, actual, reached, telling]
            yield "insert into result_spells values (?, ?, ?, ?, ?, ?, ?)", values


def _list_numbers() -> Iterator[
    tuple[int, Amount, float | None, float | None, list[tuple[date, float]]]
]:  # action, what, baseline, target, tellings
    """List a number each: its action, what it is of, baseline, target, and what was told of it on which days."""
    draw = random.Random(32)  # noqa: S311  (made up, no secrets)
    for action in range(1, 41):
        for amount, share in ((CHILDREN, 0.8), (INSPECTORS, 0.3), (DOLLARS, 0.3), (EUROS, 0.2), (SHARE, 0.3)):
            if draw.random() > share:
                continue
            baseline = draw.choice((None, 20.0)) if amount != SHARE else draw.choice((None, 40.0))
            target = float(draw.randrange(100, 900, 10)) if amount != SHARE else 25.0
            target += 0.5 if amount == EUROS else 0
            days = sorted(date(2021, 3, 1) + timedelta(days=draw.randrange(320)) for _ in range(draw.randrange(3)))
            tellings = [(day, round(target * draw.choice(_SHARES), 2)) for day in dict.fromkeys(days)]
            yield action, amount, baseline, target, tellings
    yield 7, LAWS, None, None, [(date(2021, 6, 1), 2.0)]
    yield 8, LAWS, None, 3.0, [(date(2021, 9, 1), 2.0), (date(2021, 10, 1), 4.0)]
    yield 9, LAWS, 6.0, 3.0, [(date(2021, 5, 1), 2.0), (date(2021, 9, 1), 5.0)]  # nothing is promised behind a baseline


class Numbers:
    """The numbers of a snapshot, read whole, with what was told of them; the spells are not read."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read them."""
        with snapshot.cursor() as cursor:
            self.numbers = cursor.execute("select * from results").df()
            self.told = cursor.execute("select * from result_reports").df()

    def judge(self, chosen: Iterable[str], day: date) -> pd.DataFrame:
        """Return the numbers of the chosen actions, with a column for each count and part of a sum."""
        told = self.told[self.told["told_on"] <= pd.Timestamp(day)]
        last = told.sort_values("told_on", kind="stable").drop_duplicates("result_no", keep="last")
        frame = self.numbers.merge(last[["result_no", "actual", "reached"]], how="left", on="result_no")
        frame = frame[frame["action_id"].isin(list(chosen))]
        is_target, is_known = frame["target"].notna(), frame["actual"].notna()
        is_down = frame["indicator"].eq(SHARE.indicator)
        is_met = np.where(is_down, frame["actual"] <= frame["target"], frame["actual"] >= frame["target"])
        is_sum, is_reached = frame["promised"].notna(), frame["reached"].notna()
        return frame.assign(
            results=is_target,
            results_met=is_target & is_known & is_met,
            results_short=is_target & is_known & ~is_met,
            results_unknown=is_target & ~is_known,
            results_unpromised=~is_target & is_known,
            promised=frame["promised"].fillna(0),
            reached=frame["reached"].where(is_sum).fillna(0),
            promised_unknown=frame["promised"].where(~is_reached).fillna(0),
            reached_unpromised=frame["reached"].where(~is_sum).fillna(0),
        )

    def reckon(self, chosen: Iterable[str], day: date, amount: Amount) -> pd.DataFrame:
        """Return the numbers of one indicator in one unit; `results` are those that are summed."""
        frame = self.judge(chosen, day)
        frame = frame[frame["indicator"].eq(amount.indicator) & frame["unit"].eq(amount.unit)]
        return frame.assign(results=frame["promised"].gt(0))
