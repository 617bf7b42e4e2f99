"""List in words what a signed link can open: every form of a table, a chart or the news that a route gives."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl

from dashboard.charts.catalogue import CATALOGUE
from dashboard.formats import format_date
from dashboard.i18n import Translator
from dashboard.languages import name_language
from dashboard.resources.operation import Operation
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import PARAMETERS, VERSUS, describe, parse
from dashboard.web import extracts, news_feeds
from dashboard.web.charts import chart_operations
from dashboard.web.guard.link_tokens import read_pairs


class Target(NamedTuple):
    """One address: what it gives and in which form, both in English."""

    path: str
    what: str
    form: str

    @property
    def is_chart(self) -> bool:
        """Whether it is a chart."""
        return self.path.startswith("/charts/")

    @property
    def is_page(self) -> bool:
        """Whether it is a chart's page, which can stand in frames."""
        return self.is_chart and "." not in self.path


@cache
def list_targets() -> dict[str, Target]:
    """List what a link can open, by its path: the tables first, then the news, then the charts."""
    return {target.path: target for target in _list_all()}


def find_target(path: str) -> Target | None:
    """Find what stands at a path; None where no link opens it."""
    return list_targets().get(path)


def is_ready(target: Target) -> bool:
    """Whether the address needs nothing but a selection."""
    return not target.is_chart or _chart_of(target.path) in CATALOGUE


def say_selection(query: str, snapshot: Snapshot, t: Translator) -> str:
    """Describe what a link's query string chooses: its filters, its language, and its own parameters as they stand.

    Raises:
        SelectionError: the published build lacks one of its codes.
    """
    parameters = read_pairs(query)
    selection = parse({name: parameters[name] for name in parameters if name in (*PARAMETERS, *VERSUS)}, snapshot)
    filters = describe(replace(selection.first, lang=t.language), snapshot, t, lambda day: format_date(day, t.language))
    chosen = filters if selection.as_of else filters[:-1]
    filter_words = [t("{name}: {value}", name=name, value=value) for name, value in chosen]
    own_pairs = [f"{name}={value}" for name, value in parse_qsl(query) if name not in PARAMETERS]
    return " · ".join([*filter_words, *own_pairs, name_language(selection.lang)])


def _list_all() -> Iterator[Target]:
    for operation in extracts.describe_files():
        yield Target(operation.path, operation.family, operation.summary)
    for ending, form in news_feeds.FORMS.items():
        yield Target(f"/latest.{ending}", news_feeds.FAMILY, form.name)
    taking = [operation for operation in chart_operations.list_file_forms() if operation.takes_link]
    for chart_id, spec in CATALOGUE.items():
        for operation in taking:
            if "{chart_id}" in operation.path:
                yield Target(operation.path.replace("{chart_id}", chart_id), spec.title, operation.summary)
    yield from (Target(o.path, o.family, o.summary) for o in taking if _stands_alone(o))


def _stands_alone(operation: Operation) -> bool:
    return "{" not in operation.path


def _chart_of(path: str) -> str:
    return path.removeprefix("/charts/").partition(".")[0]
