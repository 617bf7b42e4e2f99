"""Traits of all answers: the edition, conditional requests, names of files; offered files, for who has the token."""

import gc
import json
import shutil
from pathlib import Path
from threading import Barrier, current_thread

import pytest
from starlette.requests import Request

from dashboard import edition
from dashboard.edition import hash_package
from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.paths import PROJECT
from dashboard.web.http import answer_content, name_attachment, read_form, write_json
from dashboard.web.offers import Offer, find_offer
from tests.offers import ask_for


@pytest.mark.nightly
def test_the_edition_changes_with_everything_that_answers_are_made_by_and_nothing_else(tmp_path: Path) -> None:
    package, versions = tmp_path / "dashboard", tmp_path / "requirements.txt"
    shutil.copytree(PROJECT / "dashboard", package, ignore=shutil.ignore_patterns("__pycache__"))
    versions.write_text("duckdb==2.0\n")
    before = hash_package(package, versions)
    for name in (
        "formats.py", "measures/counts.py", "files/extracts/workbook/book.py", "charts/svg/texts.py",
        "web/refusals.css", "web/charts/interactive.js", "queries/headline.sql",
        "queries/compare",  # the first file of the folder
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


def test_a_description_is_known_by_what_it_says_and_a_form_of_senselessly_many_fields_is_none() -> None:
    content, opened = {"title": "Côte d'Ivoire"}, {"access-control-allow-origin": "*"}
    first = answer_content(ask(), write_json(content), opened)
    assert json.loads(bytes(first.body)) == content
    again = answer_content(ask(if_none_match=first.headers["etag"]), write_json(content), opened)
    assert (again.status_code, again.body) == (304, b"")
    assert dict(again.headers) == opened | {name: first.headers[name] for name in ("etag", "cache-control", "vary")}
    other = answer_content(ask(if_none_match=first.headers["etag"]), write_json({"title": "Ghana"}), {})
    assert other.status_code == 200
    assert read_form(b"a=1&b=&a=%C3%A9") == {"a": ["1", "é"], "b": [""]}
    assert read_form(b"a=&" * 700) == read_form(b"") == {}


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


def explain(error: Exception) -> UserError:
    return UserError(f"It failed: {error}.", "Try again.")


def offer(make, name="données 2021.csv") -> Offer:
    return Offer(make, name, "text/csv", explain, translator("fr"))


def test_an_offer_is_known_as_long_as_somebody_holds_it():
    held = offer(lambda: b"a,b\r\n")
    [answer] = ask_for(f"/files/{held.token}")
    assert answer.status_code == 200
    assert answer.content == b"a,b\r\n"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''donn%C3%A9es%202021.csv"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == "fr"
    tokens = {offer(bytes).token for _ in range(200)}
    assert len(tokens) == 200, "they cannot be guessed"
    assert min(map(len, tokens)) >= 24
    token = held.token
    del held
    gc.collect()
    assert find_offer(token) is None
    [answer] = ask_for(f"/files/{token}")
    assert (answer.status_code, list(answer.json())) == (404, ["error"])
    [page] = ask_for(f"/files/{token}?lang=fr", accept="text/html")
    assert (page.status_code, page.headers["content-language"]) == (404, "fr")
    assert translator("fr")("This file is no longer offered") in page.text


def test_what_went_wrong_is_said_in_the_language_of_the_reader_and_a_look_at_the_headers_makes_nothing():
    made = []

    def refuse() -> bytes:
        made.append(1)
        raise OSError("disk")

    held = offer(refuse)
    [head] = ask_for(f"/files/{held.token}", method="HEAD")
    assert (head.status_code, "content-length" in head.headers, made) == (200, False, [])
    [answer] = ask_for(f"/files/{held.token}")
    assert answer.status_code == 503
    assert answer.json() == {"error": f"It failed: disk. {translator('fr')('Try again.')}"}


def test_files_are_made_side_by_side_in_threads_of_their_own():
    together = Barrier(3, timeout=20)

    def make() -> bytes:
        together.wait()
        return current_thread().name.encode()

    held = [offer(make) for _ in range(3)]
    names = [answer.text for answer in ask_for(*(f"/files/{one.token}" for one in held))]
    assert all(name.startswith("offered-file") for name in names)
    assert len(set(names)) == 3
