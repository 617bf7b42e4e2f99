"""Models of pages in tests: all words that one has."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.charts import clock
from dashboard.snapshot import shared

SILENT = ("selection", "options", "taken", "pairs", "page_id", "without", "filter", "chosen", "key", "page_title")
"""Fields whose words do not appear on a page: targets of links, chosen codes, the name of the browser’s tab."""


def list_texts(model: Any) -> Iterator[str]:
    """Yield every text in a model, whatever it is for."""
    if isinstance(model, str):
        yield model
    elif is_dataclass(model) or hasattr(model, "_fields"):
        names = [field.name for field in fields(model)] if is_dataclass(model) else model._fields
        for name in names:
            if name not in SILENT:
                yield from list_texts(getattr(model, name))
    elif isinstance(model, Mapping):
        yield from list_texts(tuple(model.values()))
    elif isinstance(model, tuple | list | frozenset):
        for part in model:
            yield from list_texts(part)


def assert_filled(model: Any) -> None:
    """Check that no placeholder of a message is left in a model."""
    assert [text for text in list_texts(model) if "{" in text] == []


def stop_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock at noon of 20 July 2021, a day of the fixture campaign."""

    noon = datetime(2021, 7, 20, 12, tzinfo=UTC)
    for module in (clock, shared):
        monkeypatch.setattr(module, "datetime", SimpleNamespace(now=lambda _tz=None: noon))
