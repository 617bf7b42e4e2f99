"""The headline numbers of a selection as data: a line, tiles, and the warning where there are few actions."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.i18n import translator
from dashboard.measures.counts import headline as count
from dashboard.measures.definitions import FEW
from dashboard.snapshot.selection import Selection
from dashboard.ui.pieces import headline
from tests.models import assert_filled

SMALL = Selection(regions=("africa",), themes=("mining",))


@pytest.mark.parametrize("selection", [Selection(), Selection(regions=("africa",), as_of=date(2021, 9, 15))], ids=str)
def test_the_line_says_how_many_there_are_and_the_clock(snapshot, selection, lang):
    t, total = translator(lang), count(snapshot, selection)
    line = headline.make_line(snapshot, selection, t)
    words = ("{n} action, {reported} with a report", "{n} actions, {reported} with a report")
    assert line.counts == t.plural(*words, total.actions, reported=total.reported)
    assert line.clock == headline.write_clock(total, snapshot.campaign, t)
    assert line.warning == ""
    assert_filled(line)
    assert headline.make_line(snapshot, Selection(q="no action has these words"), t) is None


def test_tiles_say_counts_and_each_rate_with_its_whole_and_bound(snapshot, lang):
    t, total = translator(lang), count(snapshot, Selection(lang=lang))
    shown = headline.make_tiles(total, t)
    actions, completed, rate, reporting, overdue, pace = shown.tiles
    counts = [total.actions, total.completed, total.overdue]
    assert [actions.value, completed.value, overdue.value] == [str(n) for n in counts]
    assert actions.note == t.plural("{n} has reported", "{n} have reported", total.reported)
    assert rate.name == t("Completion rate")
    assert rate.note.startswith(t("{part} of {whole}", part=total.completed, whole=total.actions))
    assert reporting.note == t("{part} of {whole}", part=total.reported, whole=total.actions)
    assert pace.note.endswith(t("points; {elapsed} of the time has elapsed", elapsed="x").partition("x")[2])
    assert all(tile.meaning and not tile.is_muted for tile in shown.tiles) and not shown.warning
    assert_filled(shown)


def test_rates_of_few_actions_are_muted_and_warned_of(snapshot, lang):
    t, total = translator(lang), count(snapshot, SMALL)
    assert 0 < total.actions < FEW
    warning = t("Fewer than {few} actions: read the counts rather than the rates.", few=FEW)
    shown = headline.make_tiles(total, t)
    assert [tile.is_muted for tile in shown.tiles] == [False, False, True, True, False, True]
    assert shown.warning == headline.make_line(snapshot, SMALL, t).warning == warning
    for actions, is_few in ((FEW - 1, True), (FEW, False)):
        shown = headline.make_tiles(replace(count(snapshot, Selection()), actions=actions), t)
        assert bool(shown.warning) == is_few == bool(headline.warn_of_few(actions, t))
        assert any(tile.is_muted for tile in shown.tiles) == is_few
