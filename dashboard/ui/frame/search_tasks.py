"""What readers come to do, for the search: the words that they use for it, and where it is done.

A task may be narrowed by what else is typed: `overdue kenya` leads to the overdue actions of Kenya.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import NamedTuple

from dashboard.i18n import N_, translator
from dashboard.languages import list_languages
from dashboard.measures.search import find_codes
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.shared import shared


class Task(NamedTuple):
    """One task: what it is called, other words for it, the page with the parameters, whether that page has filters."""

    title: str
    words: str
    page_id: str
    pairs: tuple[tuple[str, str], ...] = ()
    has_filters: bool = True


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
        (("measure", "on_time"), ("by", "region"), ("as", "bars")),
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
    Task(N_("Get news by mail"), N_("subscribe, newsletter, mail, unsubscribe"), "newsletter", has_filters=False),
    Task(N_("News feed"), N_("rss, atom, feed, calendar, events"), "latest"),
    Task(
        N_("How rates are counted"),
        N_("definition, method, glossary, formula, source"),
        "definitions",
        has_filters=False,
    ),
    Task(N_("Accessibility"), N_("accessibility, screen reader, keyboard"), "definitions", has_filters=False),
    Task(N_("Add files"), N_("upload, import, inbox, file, publish, undo"), "upload", has_filters=False),
    Task(
        N_("Rows that need an answer"),
        N_("rejected, errors, unmatched, classify, quality"),
        "quality",
        has_filters=False,
    ),
    Task(N_("Write to those who have not reported"), N_("letter, reminder, remind, ask, mail merge"), "silent"),
    Task(
        N_("Change deadlines, lists or languages"),
        N_("settings, deadline, codelist, language"),
        "settings",
        has_filters=False,
    ),
    Task(N_("Add a person or change a role"), N_("people, role, permission, access, user"), "roles", has_filters=False),
    Task(N_("Who changed what"), N_("audit, log, history"), "audit", has_filters=False),
)
"""In the order in which they are listed; a task of a page that the reader may not open is left out."""
_SMALL = frozenset(("and", "aux", "con", "del", "des", "for", "las", "les", "los", "para", "par", "por", "pour", "the"))
"""Words that say nothing by themselves, beside those of one or two letters."""
_MOST = 3


class Way(NamedTuple):
    """A task that was found: what it is called, what narrows it, in words, and its parameters."""

    task: Task
    narrowed: str
    pairs: tuple[tuple[str, str], ...]


def find(snapshot: Snapshot, text: str, lang: str, *, is_near: bool = False) -> list[Way]:
    """The first tasks that words stand for; `is_near`: for what is nearly written like them too.

    Each word begins one of a task's in any language, or all that do not name something that actions are filtered by.
    """
    words = " ".join(snapshot.search_words(text)).split()
    typed = [word for word in words if len(word) > 2 and word not in _SMALL] or words
    vocabulary = _fold_words(snapshot)
    if is_near:
        words_of_tasks = [word for words in vocabulary for word in words]
        typed = [(get_close_matches(word, words_of_tasks, 1, 0.75) or [word])[0] for word in typed]
    ways = (_match(snapshot, task, words, typed, lang) for task, words in zip(TASKS, vocabulary, strict=True))
    return sorted(filter(None, ways), key=lambda way: bool(way.narrowed))[:_MOST]


def _match(snapshot: Snapshot, task: Task, words: frozenset[str], typed: Sequence[str], lang: str) -> Way | None:
    unmatched = [one for one in typed if not any(word.startswith(one) for word in words)]
    if len(unmatched) == len(typed):
        return None
    if not unmatched:
        return Way(task, "", task.pairs)
    codes = find_codes(snapshot, unmatched) if task.has_filters else {}
    parameter = next((name for name in codes if name not in dict(task.pairs)), None)
    if parameter is None:
        return None
    code = codes[parameter][0]
    return Way(task, code.labels[lang], (*task.pairs, (parameter, code.code)))


@shared
def _fold_words(snapshot: Snapshot) -> list[frozenset[str]]:
    """The folded words of each task, in every language."""
    speakers = [translator(lang) for lang in list_languages()]
    words_by_task = [" ".join(t(task.words) for t in speakers) for task in TASKS]
    frame = snapshot.query("folded", {"texts": sorted(set(words_by_task))})
    folded = dict(zip(frame["words"], frame["folded"], strict=True))
    return [frozenset(folded[text].split()) - _SMALL for text in words_by_task]
