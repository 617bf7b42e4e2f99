"""Traits of all answers: the program's edition, conditional requests, HEAD, names of files."""

import json
import shutil
from pathlib import Path

import pytest
from starlette.requests import Request

from dashboard import edition
from dashboard.edition import hash_package
from dashboard.paths import PROJECT
from dashboard.web.http import answer_description, name_attachment, read_form


def test_the_edition_changes_with_everything_that_answers_are_made_by_and_nothing_else(tmp_path: Path) -> None:
    package, versions = tmp_path / "dashboard", tmp_path / "requirements.txt"
    shutil.copytree(PROJECT / "dashboard", package, ignore=shutil.ignore_patterns("__pycache__"))
    versions.write_text("duckdb==2.0\n")
    before = hash_package(package, versions)
    for name in (
        "formats.py", "measures/counts.py", "extracts/workbook/book.py", "charts/svg/texts.py", "web/refusals.css",
        "web/charts/interactive.js", "queries/headline.sql", "queries/compare",  # the first file of the folder
        "../requirements.txt", "locales/fr/LC_MESSAGES/dashboard.po",
    ):  # fmt: skip
        file = next(iter(sorted((package / name).rglob("*.sql"))), package / name)
        content = file.read_bytes()
        file.write_bytes(content + b" ")
        assert hash_package(package, versions) != before, name
        file.write_bytes(content)
    moved = file.rename(file.with_name("moved"))
    assert hash_package(package, versions) != before
    moved.rename(file)
    for name in ("ui/frame/page.py", "__pycache__/formats.cpython-311.pyc", ".formats.py.swp"):
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_bytes(b"other")
        assert hash_package(package, versions) == before, name


def test_the_edition_of_this_program_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = edition.edition()
    monkeypatch.setattr(edition, "hash_package", lambda *_: pytest.fail("read again"))
    assert edition.edition() == first


def ask(method: str = "GET", **headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": method, "headers": named})


def test_a_description_is_known_by_what_it_says() -> None:
    content, opened = {"title": "Côte d'Ivoire"}, {"access-control-allow-origin": "*"}
    first = answer_description(ask(), content, opened)
    assert json.loads(bytes(first.body)) == content
    again = answer_description(ask(if_none_match=first.headers["etag"]), content, opened)
    assert (again.status_code, again.body) == (304, b"")
    assert dict(again.headers) == opened | {name: first.headers[name] for name in ("etag", "cache-control", "vary")}
    other = answer_description(ask(if_none_match=first.headers["etag"]), {"title": "Ghana"})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("actions_fr.csv", "attachment; filename=\"actions_fr.csv\"; filename*=UTF-8''actions_fr.csv"),
        ("données 2021.csv", "attachment; filename*=UTF-8''donn%C3%A9es%202021.csv"),
        ('a".csv', "attachment; filename*=UTF-8''a%22.csv"),
    ],
)
def test_the_name_of_a_file_is_safe_in_its_header(name: str, header: str) -> None:
    assert name_attachment(name) == header


def test_a_form_of_senselessly_many_fields_is_none() -> None:
    assert read_form(b"a=1&b=&a=%C3%A9") == {"a": ["1", "é"], "b": [""]}
    assert read_form(b"a=&" * 700) == read_form(b"") == {}
