"""What open pages ask every few seconds."""

from pathlib import Path

import pytest

from tests.charts_over_http import ask, make_app, republish
from tests.snapshots import publish_fixture


def test_the_published_build_is_told_and_told_again_only_when_it_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(tmp_path, monkeypatch)
    assert ask(app, "/latest-build").status_code == 503
    publish_fixture(tmp_path)
    first = ask(app, "/latest-build")
    assert first.json() == {"build_id": "fixture", "built_at": "2022-01-10T09:00:00Z", "actions": 40}
    assert first.headers["cache-control"] == "no-cache"  # a browser asks again, and is answered 304
    again = ask(app, "/latest-build", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    republish(tmp_path, "second", without=10)
    changed = ask(app, "/latest-build", if_none_match=first.headers["etag"])
    assert (changed.status_code, changed.json()["build_id"], changed.json()["actions"]) == (200, "second", 30)
