"""Compare two builds: figures of both, in all and by group, and the actions, reports and posts that differ.

For a preview, also list concerns about publishing, and the checks that find more than before.
"""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import formats
from dashboard.campaign.builds import Build
from dashboard.campaign.commitments.criteria import CRITERIA, REASONS
from dashboard.campaign.uncounted import say_uncounted
from dashboard.charts.chart import format_fraction
from dashboard.i18n import N_, Translator
from dashboard.lists.quality.differences import Comparison, Counts, DimensionChanges, GroupChange, Preview, say_value
from dashboard.lists.quality.queries import name_reason
from dashboard.lists.quality.wording import check_text, name_field
from dashboard.measures.counts import DIMENSIONS, Headline
from dashboard.measures.definitions import DEFINITIONS, RATES
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import html_tables, messages
from dashboard.ui.pieces.html_tables import Cells

_MOST_REASONS = 3


def show_concerns(view: Frame, preview: Preview) -> bool:
    """Show concerns about publishing, if any; first which reports do not count."""
    if preview.refusal is not None:
        messages.show_error(view, preview.refusal)
    uncounted = say_uncounted(preview.uncounted, lambda day: formats.format_date(day, view.lang))
    if uncounted:
        st.warning(plain(view.t(uncounted)), icon=":material/warning:")
    concerns = list_concerns(view.t, preview)
    if concerns:
        bullets = "\n".join(concerns)
        st.warning(f"**{view.t('Check before you publish')}**\n\n{bullets}", icon=":material/warning:")
    return bool(concerns or uncounted)


def list_concerns(t: Translator, preview: Preview) -> list[str]:
    """List concerns about publishing: many rejected rows, with the reasons, and figures that fall."""
    lines, lang = [], t.language
    if preview.rejections is not None:
        rejected, read = preview.rejections
        share = formats.format_percent(rejected, read, lang)
        summary = t("Rejected rows, which count nowhere ({n} of {read}, {share}):", n=rejected, read=read, share=share)
        reasons = preview.rejected.drop_duplicates("reason").nlargest(_MOST_REASONS, "rows_of_reason")
        lines = [
            f"- {summary}",
            *(
                f"  - {formats.format_count(rows, lang)} × {plain(name_reason(t, reason))}"
                for rows, reason in zip(reasons["rows_of_reason"], reasons["reason"], strict=True)
            ),
        ]
    for name, (before, after) in preview.falls.items():
        measure = t(DEFINITIONS[name].name)
        lines.append(f"- {t('{measure} falls from {before} to {after}', measure=measure, before=before, after=after)}")
    return lines


def show_checks(view: Frame, preview: Preview) -> None:
    """Draw the checks that find more rows than before, folded away."""
    t = view.t
    columns = (
        Cells(t("Check"), lambda check: t(check_text(check["check_id"]).title)),
        html_tables.count(view, t("Before"), "before"),
        html_tables.count(view, t("After"), "after"),
    )
    note = t("They exclude nothing; the page Data quality lists the rows.")
    html_tables.show_list(view, t("Checks that find more than before"), preview.checks, columns, note)


def show_criteria(view: Frame, preview: Preview) -> None:
    """Draw how many commitments of the uploaded files meet each criterion, and what the others lack, folded away."""
    t, frame = view.t, preview.criteria
    if len(frame):
        columns = (
            Cells(t("Criterion"), lambda row: t(CRITERIA[row["criterion"]])),
            Cells(t("Reason"), lambda row: t(REASONS[row["missing"]])),
            html_tables.count(view, t("Commitments"), "commitments"),
        )
        st.markdown(plain(say_criteria(t, frame)))
        html_tables.show_list(view, t("What commitments lack"), frame[frame["missing"].notna()], columns)


def say_criteria(t: Translator, frame: pd.DataFrame) -> str:
    """Say how many commitments meet each criterion; `frame` as `queries/draft_criteria.sql`."""
    met = frame[frame["missing"].isna()]
    parts = [f"{t(CRITERIA[name])} {n}" for name, n in zip(met["criterion"], met["commitments"], strict=True)]
    return t.plural(
        "{n} commitment of these files was read. {met}.", "{n} commitments of these files were read. {met}.",
        int(frame["judged"].iloc[0]), met=", ".join(parts) or t("None meets a criterion"),
    )  # fmt: skip


_COUNTS = {
    "actions": DEFINITIONS["actions"].name,
    "reported": DEFINITIONS["reported"].name,
    "completed": DEFINITIONS["completed"].name,
    "unknown": DEFINITIONS["unknown"].name,
    "unmatched_reports": N_("Reports without action"),
}
_RATES = ("completion_rate", "upper_bound", "reporting_rate")
_OF_GROUPS = ("actions", "reported", "completed", "completion_rate", "upper_bound")
_MOST_GROUPS = 200
"""How many groups of a dimension are listed."""
_FEW_GROUPS = 12
"""Up to how many groups that change, of all dimensions together, their tables are open."""
_LONGEST = 300  # characters of a value that are shown


def name_moment(view: Frame, build: Build) -> str:
    """Write when a build was published, and whether it is the present one."""
    text = formats.format_moment(build.built_at, view.lang)
    return view.t("{moment} (shown now)", moment=text) if build.is_current else text


def show_figures(view: Frame, preview: Comparison) -> None:
    """Draw the figures now and after publishing: the headline figures, and those of each group that changes."""
    _show_headline(view, preview)
    _show_groups(view, preview)


def _show_headline(view: Frame, preview: Comparison) -> None:
    t = view.t
    before, after = preview.before, preview.after
    labels = [t("Figure"), t("Before"), t("After"), t("Difference")]
    rows = list(_list_figures(view, before, after))
    if before is None:  # nothing to compare with
        labels, rows = [t("Figure"), t("After")], [[row[0], row[2]] for row in rows]
    messages.show_card_title(t("Figures"))
    html_tables.show(html_tables.figures(*labels), rows)
    if before is None:
        st.caption(t("You had not published anything before, so everything counts as new."))
    elif before.day != after.day:
        st.caption(
            t(
                "Before: as of {before}. After: as of {after}.",
                before=formats.format_date(before.day, view.lang),
                after=formats.format_date(after.day, view.lang),
            )
        )


def _list_figures(view: Frame, before: Headline | None, after: Headline) -> Iterator[list[str]]:
    """List counts and rates before and after, with the difference; dashes where nothing was published before."""
    t, lang, nothing = view.t, view.lang, formats.NOTHING
    for name, label in _COUNTS.items():
        was, now = (None if total is None else int(getattr(total, name)) for total in (before, after))
        cells = (nothing if number is None else formats.format_count(number, lang) for number in (was, now))
        more = 0 if was is None or now is None else now - was
        difference = f"{'+' if more > 0 else ''}{formats.format_count(more, lang)}"
        yield [t(label), *cells, nothing if was is None else difference]
    for name in _RATES:
        first, second = (None if total is None else getattr(total, name) for total in (before, after))
        points = formats.format_points(None if first is None or second is None else second - first, lang)
        cells = (nothing if total is None else _rate(view, name, total) for total in (before, after))
        yield [t(DEFINITIONS[name].name), *cells, nothing if before is None else t("{points} points", points=points)]


def _rate(view: Frame, name: str, headline: Headline) -> str:
    numerator, denominator = headline.fraction(name)
    percent = formats.format_percent(numerator, denominator, view.lang)
    return view.t("{percent} ({part} of {whole})", percent=percent, part=numerator, whole=denominator)


def _show_groups(view: Frame, preview: Comparison) -> None:
    """Draw a table of changing groups for each dimension; of unchanged dimensions and groups, only how many."""
    t = view.t
    messages.show_card_title(t("Figures by group"))
    is_open = sum(len(one.changed) for one in preview.groups) <= _FEW_GROUPS
    for one in preview.groups:
        _show_dimension(view, one, is_first=preview.before is None, is_open=is_open)
    labels = [t(DIMENSIONS[one.dimension].label) for one in preview.groups if one.unchanged and not one.changed]
    if not any(one.changed for one in preview.groups):
        st.caption(t("No group’s figures change."))
    elif labels:
        st.caption(t("No group changes here: {dimensions}.", dimensions=formats.join_list(labels, view.lang)))


def _show_dimension(view: Frame, one: DimensionChanges, *, is_first: bool, is_open: bool) -> None:
    t, count = view.t, len(one.changed)
    dimension = t(DIMENSIONS[one.dimension].label)
    columns = (*html_tables.words(dimension), *html_tables.figures(*(t(DEFINITIONS[name].name) for name in _OF_GROUPS)))
    rows = [_group_row(view, change, is_first=is_first) for change in one.changed[:_MOST_GROUPS]]
    note = "" if len(rows) == count else t("Listed here: the first {shown} of {total}.", shown=len(rows), total=count)
    title = html_tables.name_list(view, dimension, count, count) if is_first else _count_changed(view, dimension, one)
    html_tables.show_folded(title, columns, rows, note, is_open=is_open)


def _count_changed(view: Frame, dimension: str, one: DimensionChanges) -> str:
    t, (changed, unchanged) = view.t, (len(one.changed), one.unchanged)
    sentence = t.plural("{dimension}: {n} changes", "{dimension}: {n} change", changed, dimension=dimension)
    if not unchanged:
        return sentence
    return t.plural("{changes}, {n} unchanged", "{changes}, {n} unchanged", unchanged, changes=sentence)


def _group_row(view: Frame, change: GroupChange, *, is_first: bool) -> list[str]:
    label = change.group.labels[view.lang]
    now = _write_group(view, change.after)
    if is_first:
        return [label, *now]
    if change.before is None:
        label = view.t("{name} (new)", name=label)
    elif change.after is None:
        label = view.t("{name} (no longer in the list)", name=label)
    return [label, *map(say_change, _write_group(view, change.before), now)]


def _write_group(view: Frame, counts: Counts | None) -> list[str]:
    """Write a group's counts and rates, as tables of charts write them."""
    if counts is None:
        return [formats.NOTHING] * len(_OF_GROUPS)
    return [
        format_fraction(sum(counts[part] for part in RATES[name].parts), counts[RATES[name].denominator], view.lang)
        if name in RATES
        else formats.format_count(counts[name], view.lang)
        for name in _OF_GROUPS
    ]


def say_change(was: str, now: str) -> str:
    """Write a figure before and after in one cell without line breaks; once where both are the same."""
    return now if was == now else f"{was}\u00a0→\u00a0{now}"


def show_changes(view: Frame, preview: Comparison) -> None:
    """Draw how many actions and reports are added, changed and removed; also events and stories where there are any."""
    t, changes = view.t, preview.changes
    messages.show_card_title(t("Changes"))
    main_counts = (
        (t("Actions added"), changes.actions_added),
        (t("Actions changed"), changes.actions_changed),
        (t("of which with a new status"), changes.statuses_changed),
        (t("Actions removed"), changes.actions_removed),
        (t("Progress reports added"), changes.reports_added),
        (t("Progress reports removed"), changes.reports_removed),
    )
    posts = (
        (t("Events added"), changes.events_added),
        (t("Events removed"), changes.events_removed),
        (t("Stories added"), changes.stories_added),
        (t("Stories removed"), changes.stories_removed),
    )
    counts = (*main_counts, *((label, number) for label, number in posts if number))
    columns = (*html_tables.words(t("Change")), *html_tables.figures(t(N_("Number", "how many changed"))))
    html_tables.show(columns, [[label, formats.format_count(number, view.lang)] for label, number in counts])
    _show_actions(view, preview, t("Actions added"), changes.added, changes.actions_added)
    _show_changed(view, preview)
    _show_actions(view, preview, t("Actions removed"), changes.removed, changes.actions_removed)


def _show_actions(view: Frame, preview: Comparison, title: str, actions: pd.DataFrame, count: int) -> None:
    t = view.t
    columns = (
        Cells(t("Title"), lambda row: _say(view, preview, "title", row["title"])),
        Cells(t("Stakeholder"), lambda row: _say(view, preview, "stakeholder", row["stakeholder"])),
        Cells(t("Action ID"), lambda row: str(row["action_id"])),
    )
    html_tables.show_list(view, title, actions.assign(in_all=count), columns)


def _show_changed(view: Frame, preview: Comparison) -> None:
    t, changed = view.t, preview.changes.changed
    columns = (
        Cells(t("Action"), lambda row: _say(view, preview, "title", row["title"]) or str(row["action_id"])),
        Cells(t("Field"), lambda row: t(name_field(row["field"]))),
        Cells(t("Before"), lambda row: _say(view, preview, row["field"], row["before"]) or formats.NOTHING),
        Cells(t("After"), lambda row: _say(view, preview, row["field"], row["after"]) or formats.NOTHING),
    )
    listed_count = int(changed["action_id"].nunique())
    title = html_tables.name_list(view, t("Actions changed"), preview.changes.actions_changed, listed_count)
    html_tables.show_folded(title, *html_tables.lay_out_records(changed, columns))


def _say(view: Frame, preview: Comparison, field: str, value: Any) -> str:
    """Write a field's value in the reader's words; empty for none."""
    text = say_value(view.lang, preview.codes, preview.persons, field, value) or ""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"
