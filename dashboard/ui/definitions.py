"""The page Definitions: measures, codes, the input files, citation, accessibility."""

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.measures.context import list_indicators, list_sources
from dashboard.measures.definitions import DEFINITIONS, RESULTS, SUBJECTS
from dashboard.measures.results import list_measured
from dashboard.snapshot.attribution import attribute, cite
from dashboard.ui.frame import link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import View
from dashboard.ui.pieces import account, html_tables, messages
from dashboard.ui.pieces.html_tables import Column

CODELISTS = {
    "regions": N_("Regions"),
    "subregions": N_("Subregions"),
    "groupings": N_("Groupings of countries"),
    "categories": N_("Categories"),
    "themes": N_("Themes"),
    "stakeholder_groups": N_("Stakeholder groups"),
}
ACCESSIBILITY = (
    N_(
        "These pages are designed to meet WCAG 2.2, level AA. They are checked with axe-core, but not yet by a "
        "screen reader user. Everything works by keyboard, and each chart is also a table."
    ),
    N_(
        "Known limits: in the preview of an extract, screen readers hear only the visible rows; the file has all "
        "of them. If you meet another barrier, tell whoever sent you the link."
    ),
)


@dataclass(frozen=True)
class Table:
    """A table; one with a title is folded away under it, with a note above."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the page.

    Attributes:
        about: Its paragraphs, as Markdown.
        quote: A text for copying.
    """

    title: str
    about: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    note: str = ""
    quote: str = ""


def make_model(view: View) -> tuple[Section, ...]:
    """Make the parts of the page."""
    t, campaign, files = view.t, view.snapshot.campaign, view.snapshot.query("input_files")
    file_columns, counts = account.lay_out(view, files, total=t("All files"))
    moment = formats.format_moment(view.snapshot.built_at, view.lang)
    source = attribute(campaign, view.lang)
    terms = ((t("Publisher"), source.publisher, source.url), (t("Licence"), source.licence, source.licence_url))
    site = f"{link.site_address(view.page_id)}/?{view.selection.query_string()}"
    return (
        Section(
            t("Measures"),
            tables=tuple(_list_measures(view)),
        ),
        Section(t("Codes used in links and extracts"), tables=(_list_statuses(view), *_list_codes(view))),
        Section(
            t("Data"),
            about=(
                t(
                    "Every row of every file is accounted for: rows read = accepted + merged + rejected. A merged row "
                    "repeats another, such as an earlier submission of the same action; a rejected row cannot be what "
                    "its file says."
                ),
            ),
            tables=(
                Table(
                    tuple(file_columns),
                    tuple(map(tuple, counts)),
                    t("Files"),
                ),
            ),
            note=t("Build {build}, made on {day} (UTC)", build=view.snapshot.build_id, day=moment),
        ),
        *_list_published(view),
        Section(
            t("Use and citation"),
            about=tuple(_write_term(*term) for term in terms if term[1]),
            note=t("How to cite the figures of this selection:"),
            quote=cite(campaign, view.lang, source.campaign, view.selection.day(view.snapshot), site),
        ),
        Section(t("Accessibility"), about=tuple(map(t, ACCESSIBILITY))),
    )


def _list_measures(view: View) -> Iterator[Table]:
    """List the measures of actions and statuses, then those of each other subject and the formulas, folded away."""
    t = view.t
    subjects = {name: ids for name, ids in SUBJECTS.items() if name != RESULTS or list_measured(view.snapshot)}
    elsewhere = {measure for ids in SUBJECTS.values() for measure in ids}
    subjects = {"": tuple(measure for measure in DEFINITIONS if measure not in elsewhere), **subjects}
    for name, ids in subjects.items():
        rows = tuple((t(DEFINITIONS[one].name), t(DEFINITIONS[one].sentence)) for one in ids)
        yield Table(html_tables.words(t("Measure"), t("Meaning")), rows, t(name) if name else "")
    formulas = (DEFINITIONS[one] for ids in subjects.values() for one in ids)
    rows = tuple((t(one.name), t(one.formula)) for one in formulas if one.formula)
    yield Table(html_tables.words(t("Measure"), t("Formula")), rows, t("Formulas"))


def _list_published(view: View) -> Iterator[Section]:
    """List the published figures that stand beside completion, with their sources; nothing where there are none."""
    t, names = view.t, {one.code: one.name for one in list_indicators(view.snapshot, view.lang)}
    sources = list_sources(view.snapshot)
    if not sources:
        return
    rows = tuple(
        (names[code], source, address, formats.format_count(countries, view.lang))
        for code, source, address, countries in sources
    )
    columns = (*html_tables.words(t("Figure"), t("Source"), t("Address")), *html_tables.figures(t("Countries")))
    about = t("They stand beside completion and change no rate. Of several years the latest is shown.")
    yield Section(t("Published figures about countries"), about=(about,), tables=(Table(columns, rows),))


def _write_term(label: str, text: str, address: str) -> str:
    name = f"[{plain(text)}]({address})" if address else plain(text)
    return f"**{plain(label)}**  \n{name}"


def _list_statuses(view: View) -> Table:
    """List each status code with the base status it counts as."""
    t, lang, codes = view.t, view.lang, view.snapshot.codes["statuses"]
    note = t(
        "A report gives an action one status. The campaign's own statuses count as one of four base statuses; "
        "“{not_reported}” and “{overdue}” are derived from reports and deadlines.",
        not_reported=codes["not_reported"].labels[lang],
        overdue=codes["overdue"].labels[lang],
    )
    rows = (
        (one.labels[lang], codes[one.base_status].labels[lang] if one.base_status else t("derived"), one.code)
        for one in codes.values()
    )
    return Table(html_tables.words(t("Status"), t("Counts as"), t("Code")), tuple(rows), t("Statuses"), note)


def _list_codes(view: View) -> Iterator[Table]:
    t = view.t
    for name, title in CODELISTS.items():
        rows = tuple((one.labels[view.lang], one.code) for one in view.snapshot.codes.get(name, {}).values())
        yield Table(html_tables.words(t("Name"), t("Code")), rows, t(title))


def show(view: View) -> None:
    """Draw the page, part by part."""
    for section in make_model(view):
        messages.show_heading(section.title)
        for text in section.about:
            st.markdown(text)
        for table in section.tables:
            if table.title:
                html_tables.show_folded(table.title, table.columns, table.rows, table.note)
            else:
                html_tables.show(table.columns, table.rows)
        if section.note:
            messages.show_note(section.note)
        if section.quote:
            st.code(section.quote, language=None, wrap_lines=True)
