"""Pages run by AppTest on the fixture snapshot."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

SCRIPT = Path(__file__).with_name("script.py")
OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(campaign_folder: Path, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens a page of the fixture campaign with a link's parameters: `open_page("regions", region=["africa"])`."""
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))

    def open_it(page_id: str = "overview", **query: str | list[str]) -> AppTest:
        app = AppTest.from_file(SCRIPT, default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page_id != "overview":
            app.switch_page(f"../../pages/{page_id}.py").run()
        return app

    return open_it


def elements(app: AppTest, kind: str) -> list[Any]:
    """The elements of one kind, wherever they stand on the page."""
    return list(app.get(kind))


def file_links(app: AppTest) -> dict[str, dict[str, Any]]:
    """The links to files of a page, by key, as its browser part gets them."""
    mounted = [
        json.loads(element.proto.mixed.json or element.proto.json) for element in elements(app, "bidi_component")
    ]
    return {file["key"]: file for data in mounted for file in data["files"]}


def text_of(app: AppTest) -> str:
    """All words of a page, as a reader sees them."""
    parts: list[str] = [element.proto.body for element in elements(app, "html")]
    for kind in ("markdown", "caption", "error", "warning", "info", "code"):
        parts += [element.value for element in elements(app, kind)]
    parts += [widget.label for kind in ("button", "multiselect", "expander") for widget in elements(app, kind)]
    return unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)>.*?</\1>", " ", " ".join(parts), flags=re.S)))


def kept_query(app: AppTest) -> dict[str, list[str]]:
    """The address bar's parameters after a run."""
    return {name: list(value) if isinstance(value, list) else [value] for name, value in app.query_params.items()}
