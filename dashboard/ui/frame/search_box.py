"""The search of the header: one field for places, themes, actions, stakeholders, pages and tasks; results are links.

What is typed is also read as a question in words: `overdue kenya` leads to the overdue actions of Kenya. The search
runs as a fragment, so that it does not draw the page again. The targets of results keep the day and the language. Where
nothing has the words as typed, similar words are searched, and the reader is told so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.asking.question_readings import PAGE_OF, Reading, ask
from dashboard.asking.vocabulary import QUESTION
from dashboard.campaign.reporting.numbers import name_number
from dashboard.charts.catalogue import RESULTS
from dashboard.charts.chart import name_chart
from dashboard.charts.options import EXPLORE, MEASURED, find_spec, parse_options
from dashboard.errors import UserError
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import list_languages
from dashboard.lists.for_readers import BY_STATE, STATE
from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.search import Hit, SearchResult, search, search_nearly
from dashboard.measures.surveys import questions
from dashboard.snapshot.attribution import SEPARATOR
from dashboard.snapshot.database import Snapshot, current
from dashboard.snapshot.selection import Selection
from dashboard.snapshot.selection_words import name_shared, name_sides
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import browser_part, figures, link
from dashboard.ui.frame.page_link import PageLink


class Task(NamedTuple):
    """A task: its name, other words for it, the page with the parameters."""

    title: str
    words: str
    page_id: str
    pairs: tuple[tuple[str, str], ...] = ()


TASKS = (
    Task(N_("Overdue actions"), N_("overdue, late, delayed, deadline passed"), "actions", (("status", "overdue"),)),
    Task(
        N_("Actions without a report"),
        N_("no report, not reported, silent, missing, unknown"),
        "actions",
        (("status", "not_reported"),),
    ),
    Task(
        N_("Completed actions"),
        N_("completed, done, finished, achieved, reached"),
        "actions",
        (("status", "completed"),),
    ),
    Task(
        N_("Completed on time"),
        N_("on time, in time, punctual"),
        "explore",
        (("measure", "on_time"), ("by", "region")),
    ),
    Task(N_("Milestones due soon"), N_("milestones, due soon, next, upcoming"), "milestones", (("state", "soon"),)),
    Task(N_("Milestones missed"), N_("milestones missed, failed"), "milestones", (("state", "missed"),)),
    Task(N_("Download as Excel or CSV"), N_("excel, xlsx, csv, spreadsheet, download, export, data"), "download"),
    Task(N_("Refresh figures from Excel or Power BI"), N_("power bi, power query, api, refresh, json"), "download"),
    Task(
        N_("Embed a chart in a website"),
        N_("embed, iframe, website, wordpress, oembed, code"),
        "briefing",
        (("chart", "completion-by-region"),),
    ),
    Task(
        N_("Slides, PDF or Word of the charts"), N_("powerpoint, pptx, slides, pdf, word, print, picture"), "briefing"
    ),
    Task(N_("Compare two selections or days"), N_("compare, versus, difference, before"), "compare"),
    Task(N_("Cross two dimensions"), N_("cross table, pivot, matrix, heatmap"), "explore"),
    Task(N_("World map"), N_("map, world, atlas"), "regions"),
    Task(N_("Answers to survey questions"), N_("survey, questionnaire, answers"), "surveys"),
    Task(N_("Get news by mail"), N_("subscribe, newsletter, mail, unsubscribe"), "newsletter"),
    Task(N_("News feed"), N_("rss, atom, feed, calendar, events"), "latest"),
    Task(
        N_("How rates are counted"),
        N_("definition, method, glossary, formula, source"),
        "definitions",
    ),
    Task(N_("Accessibility"), N_("accessibility, screen reader, keyboard"), "definitions"),
    Task(N_("Add files"), N_("upload, import, inbox, file, publish, undo"), "upload"),
    Task(
        N_("Rows that need an answer"),
        N_("rejected, errors, unmatched, classify, quality"),
        "quality",
    ),
    Task(N_("Write to those who have not reported"), N_("letter, reminder, remind, ask, mail merge"), "silent"),
    Task(
        N_("Change deadlines, lists or languages"),
        N_("settings, deadline, codelist, language"),
        "settings",
    ),
    Task(N_("Add a person or change a role"), N_("people, role, permission, access, user"), "roles"),
    Task(N_("Who changed what"), N_("audit, log, history"), "audit"),
)
"""In the order in which they are listed; a task of a page that the reader may not open is left out."""
_SMALL = frozenset(("and", "aux", "con", "del", "des", "for", "las", "les", "los", "para", "par", "por", "pour", "the"))
"""Words that say nothing by themselves, beside those of one or two letters."""
_MOST = 3


def find(snapshot: Snapshot, text: str, *, is_near: bool = False) -> list[Task]:
    """Find the first tasks of which each word, in any language, begins one; `is_near`: also by similar words."""
    words = " ".join(snapshot.search_words(text)).split()
    typed = [word for word in words if len(word) > 2 and word not in _SMALL] or words
    vocabulary = _fold_words(snapshot)
    if is_near:
        words_of_tasks = [word for words in vocabulary for word in words]
        typed = [(get_close_matches(word, words_of_tasks, 1, 0.75) or [word])[0] for word in typed]
    matching_tasks = (
        task
        for task, words in zip(TASKS, vocabulary, strict=True)
        if all(any(word.startswith(one) for word in words) for one in typed)
    )
    return list(islice(matching_tasks, _MOST))


@shared
def _fold_words(snapshot: Snapshot) -> list[frozenset[str]]:
    speakers = [translator(lang) for lang in list_languages()]
    words_by_task = [" ".join(t(task.words) for t in speakers) for task in TASKS]
    folded = snapshot.fold(words_by_task)
    return [frozenset(folded[text].split()) - _SMALL for text in words_by_task]


FEWEST_LETTERS, _MOST_LETTERS = 2, 200
_LONGEST = 70
_KEY = "search"
_MOUNT = browser_part.register(
    "search_box",
    Path(__file__),
    '<div role="search"><button type="button" class="open"></button><div class="field">'
    '<input type="search" role="combobox" aria-autocomplete="list" aria-expanded="false" aria-controls="results"'
    ' autocomplete="off" spellcheck="false" maxlength="200" enterkeyhint="go">'
    '<button type="button" class="close"></button></div>'
    '<div class="panel" hidden><div role="listbox" id="results"></div><p role="status"></p></div></div>',
)


@dataclass(frozen=True)
class ResultGroup:
    """The results of one kind: its heading, and the links to them."""

    title: str
    links: tuple[PageLink, ...]


@dataclass(frozen=True)
class SearchModel:
    """The results of a search, and a sentence: how many there are, or why none or for other words than those typed."""

    groups: tuple[ResultGroup, ...]
    sentence: str


def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, titles: Mapping[str, str], text: str
) -> SearchModel | None:
    """Make the results of a search; None before the second letter.

    `selection`: the selection that is shown; links keep its day, build and language.
    `titles`: the titles of the pages that the reader may open, by their ids.
    """
    matches = search(snapshot, text, t.language) if len(text.strip()) >= FEWEST_LETTERS else None
    if matches is None:
        return None
    answer, tasks, pages = ask(snapshot, text), find(snapshot, text), _find_pages(titles, snapshot, text)
    is_question = any(len(reading.pairs) > 1 for reading in answer.readings)
    if not (matches or tasks or pages or is_question):
        tasks = find(snapshot, text, is_near=True)
        matches = search_nearly(snapshot, text, t.language) or matches
    base = Selection(as_of=selection.as_of, build=selection.build, lang=t.language)
    day_pairs = tuple(base.query_pairs())
    ways = (PageLink(t(task.title), task.page_id, (*task.pairs, *day_pairs)) for task in tasks)
    done = ResultGroup(t("Tasks"), tuple(way for way in ways if way.page_id in titles))
    page_group = ResultGroup(t("Pages"), tuple(PageLink(titles[page_id], page_id, day_pairs) for page_id in pages))
    groups = (done, *_group_found(matches, matches.corrected_text or text.strip(), t, day_pairs), page_group)
    listed_links = {(one.page_id, frozenset(one.pairs)) for group in groups for one in group.links}
    readings = (_show_reading(snapshot, reading, base, t, titles) for reading in answer.readings)
    question_group = ResultGroup(
        t("Your question"),
        tuple(one for one in readings if one.label and (one.page_id, frozenset(one.pairs)) not in listed_links),
    )
    filled = tuple(group for group in (question_group, *groups) if group.links)
    sentence = _say(filled, matches.corrected_text, t)
    if question_group.links and answer.unknown:
        sentence += SEPARATOR + t("Not understood: “{words}”.", words=", ".join(answer.unknown))
    return SearchModel(filled, sentence)


def _show_reading(
    snapshot: Snapshot, reading: Reading, base: Selection, t: Translator, titles: Mapping[str, str]
) -> PageLink:
    """Show what a question may mean: the page or chart, and the words of its filters; no label where it is closed."""
    page_id, choices = reading.page_id, dict(reading.choices)
    selection = replace(
        reading.selection, as_of=reading.selection.as_of or base.as_of, build=base.build, lang=base.lang
    )
    words, large = name_shared(snapshot, selection), choices.get("large", "")
    label = titles.get(page_id, "")
    if page_id == EXPLORE:
        options = parse_options({name: [value] for name, value in choices.items()}, find_spec(EXPLORE))
        label = label and name_chart(EXPLORE, t.language, options)
    elif QUESTION in choices:
        texts = (one.text for one in questions(snapshot, selection) if one.code == choices[QUESTION])
        label = label and next(texts, label)
    elif large in RESULTS:
        number = (choices[name].removeprefix(f"{large}:") for name in MEASURED)
        label, words = (
            name_number(t, snapshot.codes, *number),
            SEPARATOR.join(filter(None, (name_chart(large, t.language), words))),
        )
    elif selection.other is not None:
        first_name, second_name = name_sides(snapshot, selection.first, selection.other)
        label = label and t("{one} compared with {other}", one=first_name, other=second_name)
    elif page_id in PAGE_OF.values() and page_id != "stakeholders":
        label, words = words, label
    state, day = BY_STATE.words.get(choices.get(STATE)), reading.selection.as_of
    is_dated = day is not None and "as_of" not in dict(selection.versus)
    days = t("As of {day}", day=formats.format_date(day, t.language)) if day and is_dated else ""
    note = SEPARATOR.join(filter(None, (state and t(state), words, days)))
    return PageLink(label, page_id, (*selection.query_pairs(), *reading.choices), help=note)


def _say(groups: Sequence[ResultGroup], corrected_words: str, t: Translator) -> str:
    """Write how many results there are, and for which words where these are not those typed."""
    results = sum(len(group.links) for group in groups)
    if not results:
        return t("Nothing contains all of these words. Try fewer words.")
    if corrected_words:
        return t.plural("{n} result for “{words}”", "{n} results for “{words}”", results, words=corrected_words)
    return t.plural("{n} result", "{n} results", results)


def _group_found(
    matches: SearchResult, text: str, t: Translator, day_pairs: tuple[tuple[str, str], ...]
) -> Iterator[ResultGroup]:
    """Group codes, stakeholders and actions; where there are more than shown, the last link leads to all."""
    for parameter, codes in matches.codes.items():
        links = (
            PageLink(one.labels[t.language], PAGE_OF[parameter], ((parameter, one.code), *day_pairs)) for one in codes
        )
        yield ResultGroup(t(DIMENSIONS[parameter].label), tuple(links))
    makers = [PageLink(hit.name, "stakeholders", (("stakeholder", hit.id), *day_pairs)) for hit in matches.stakeholders]
    if matches.all_stakeholders > len(makers):
        label = t("Show all {n} stakeholders", n=matches.all_stakeholders)
        makers.append(PageLink(label, "stakeholders", (("name", text), *day_pairs)))
    yield ResultGroup(_head(t, t("Stakeholders"), matches.stakeholders, matches.all_stakeholders), tuple(makers))
    actions = [
        PageLink(
            formats.shorten(hit.name, _LONGEST) or t("Untitled action"),
            "actions",
            (("action", hit.id), *day_pairs),
            help=" · ".join(filter(None, (formats.shorten(hit.note, _LONGEST), hit.id))),
            lang=hit.language if hit.name else "",
        )
        for hit in matches.actions
    ]
    if matches.all_actions > len(actions):
        label = t("Show all {n} actions", n=matches.all_actions)
        actions.append(PageLink(label, "actions", (("q", text), *day_pairs)))
    yield ResultGroup(_head(t, t("Actions"), matches.actions, matches.all_actions), tuple(actions))


def _head(t: Translator, title: str, hits: tuple[Hit, ...], total: int) -> str:
    """Write the heading of a kind of results; where there are more, with how many are shown of how many."""
    if total <= len(hits):
        return title
    return t("{title} ({shown} of {found})", title=title, shown=len(hits), found=total)


def _find_pages(titles: Mapping[str, str], snapshot: Snapshot, text: str) -> list[str]:
    words = snapshot.search_words(text)
    folded = snapshot.fold(titles.values())
    return [page_id for page_id, title in titles.items() if all(word in folded[title] for word in words)]


def show(t: Translator, page_id: str, titles: Mapping[str, str], selection: Selection) -> None:
    """Draw the field of the search, which shows results while one types.

    `titles`: the titles of the pages that the reader may open, by their ids.
    """
    with st.container(width="content"):
        _show_box(page_id, titles, selection, link.query_string())


@st.fragment
def _show_box(page_id: str, titles: Mapping[str, str], selection: Selection, view: str) -> None:
    t, text = translator(selection.lang), _read_text()
    groups: list[dict[str, Any]] = []
    status = ""
    if text:
        # Not kept from the page's own run, so that no session holds an old snapshot open.
        try:
            snapshot = figures.choose(current(), selection.build, is_newest=False)
        except UserError as error:  # the page says more, when it is drawn again
            status = t(error.what)
        else:
            model = make_model(snapshot, selection, t, titles, text)
            groups = [_describe(group, page_id) for group in model.groups] if model else []
            status = model.sentence if model else ""
    words = {
        "search": t("Search"), "example": t("Search, or ask: late in Kenya"),
        "hint": t("Places, themes, actions, pages, tasks, questions in words"), "close": t("Close the search"),
    }  # fmt: skip
    data = {"view": f"{page_id}?{view}", "text": text, "groups": groups, "said": status, "words": words}
    # The typed text is read where it is drawn, and the link stays as the page has it.
    _MOUNT(key=_KEY, data=data, width="content", on_text_change=lambda: None)


def _read_text() -> str:
    """Read the text typed since the page was drawn; empty where the browser has sent anything else."""
    text = st.session_state.get(_KEY, {}).get("text")
    return text[:_MOST_LETTERS] if isinstance(text, str) else ""


def _describe(group: ResultGroup, page_id: str) -> dict[str, Any]:
    results = [
        {"label": one.label, "note": one.help, "href": one.address(page_id), "lang": one.lang} for one in group.links
    ]
    return {"title": group.title, "results": results}
