"""Rows shared out give the same as the whole, whoever takes the shares; Spark itself is tested beside this."""

from pathlib import Path

import duckdb
import pytest

from etl.pipeline import derived
from etl.readers.exports import open_export
from etl.readers.text_ranges import cut_ranges
from etl.spark import sharing
from tests.acceptance.published import EXPORTS, needs_exports
from tests.etl.campaigns import make_campaign
from tests.etl.spark.shared_out import InTurn, contents, make_messy_campaign, write_survey

RECIPES = Path(__file__).parents[2] / "acceptance" / "recipes"


@pytest.mark.nightly
def test_shares_come_to_the_whole_and_are_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(derived, "LARGE", 10)
    folder = make_messy_campaign(tmp_path / "messy")
    shared = tmp_path / "seen by all"
    (shared / "dashboard-work-of-a-killed-build").mkdir(parents=True)
    engine = InTurn(2, fewest_bytes=0, shared=shared)
    shared_out, whole = contents(folder, engine), contents(folder)
    assert shared_out == whole
    assert shared_out.derived["search_uses"][0] > 0
    assert engine.counts.sheets == {"raw_0": 2, "raw_1": 2, "raw_2": 2}
    assert list(shared.iterdir()) == []
    assert engine.counts.bytes_written > 0
    on_rows, by_key = {"scan", "load", "ask", "rewrite", "run"}, {"cut", "by_name", "by_action", "work_again"}
    assert {job.name for job in engine.counts.jobs} == on_rows | by_key
    assert engine.counts.buckets == 2
    assert engine.counts.bytes_exchanged > 0


def load(path, engine, *, may_be_cut=True):
    """Return how many rows an engine loads, and into how many shares."""
    with duckdb.connect() as connection, open_export(path) as opened, engine.working_in(path.parent):
        loaded = engine.load(connection, opened, opened.sheets[0], "raw_0", 2, may_be_cut=may_be_cut)
    return loaded, engine.counts.sheets


def test_what_is_small_hangs_on_the_rows_above_or_does_not_add_up_is_read_whole(tmp_path, monkeypatch):
    path = tmp_path / "survey.csv"
    path.write_text(write_survey(50), encoding="utf-8")
    assert load(path, InTurn(2, fewest_bytes=0)) == (50, {"raw_0": 2})
    assert load(path, InTurn(2)) == (50, {})
    assert load(path, InTurn(2, fewest_bytes=0), may_be_cut=False) == (50, {})

    def miscount(*given):
        return [one._replace(rows=one.rows + 1) for one in cut_ranges(*given)]

    monkeypatch.setattr(sharing, "cut_ranges", miscount)
    assert load(path, InTurn(2, fewest_bytes=0)) == (50, {})


@needs_exports
@pytest.mark.nightly
def test_real_exports_come_to_the_whole(tmp_path):
    files = {path.name: path.read_bytes() for path in sorted(EXPORTS.glob("*/*.csv"))}
    recipes = {recipe.stem: recipe.read_text(encoding="utf-8") for recipe in RECIPES.glob("*.toml")}
    folder = make_campaign(tmp_path / "campaign", files, recipes)
    engine = InTurn(3, fewest_bytes=0)
    assert contents(folder, engine, skip_bad_files=True) == contents(folder, skip_bad_files=True)
    assert len(engine.counts.sheets) > 10
