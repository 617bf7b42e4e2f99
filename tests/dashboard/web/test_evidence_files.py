"""`/evidence/…`: what the build names and what still stands, as what it is and nothing that runs."""

from urllib.parse import quote

import duckdb
import pytest
from starlette.applications import Starlette

from dashboard.i18n import translator
from dashboard.measures.annotations import WITHDRAWN
from tests.annotations import (
    DOCUMENT,
    GONE,
    HOSTILE,
    OF_STORY,
    PICTURE,
    STANDING,
    TITLE,
    UNNAMED,
    publish_annotated,
    withdraw,
)
from tests.charts_over_http import BROWSER, ask, make_app, make_site
from tests.signed_in import write_roles


@pytest.fixture
def folder(tmp_path):
    publish_annotated(tmp_path)
    return tmp_path


@pytest.fixture
def app(folder, monkeypatch) -> Starlette:
    return make_app(folder, monkeypatch)


def test_a_file_is_what_it_is_runs_nothing_and_is_asked_for_again_within_ten_minutes(app):
    types = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
    for name in STANDING:
        answer = ask(app, f"/evidence/{name}")
        assert (answer.status_code, answer.content) == (200, name.encode() * 1_000)
        ending = name.partition(".")[2]
        expected = {
            "content-type": types[ending],
            "content-length": str(len(answer.content)),
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; sandbox",
            "cache-control": "public, max-age=600, must-revalidate",
            "x-robots-tag": "noindex, noarchive",
            "access-control-allow-origin": "*",
            "etag": f'"{name[:64]}"',
        }
        assert expected.items() <= dict(answer.headers).items()
        assert answer.headers["content-disposition"].partition(";")[0] == (
            "attachment" if ending == "pdf" else "inline"
        )
        again = ask(app, f"/evidence/{name}", if_none_match=answer.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["content-security-policy"] == expected["content-security-policy"]
        head = ask(app, f"/evidence/{name}", "HEAD")
        assert (head.status_code, head.content, head.headers["content-length"]) == (
            200,
            b"",
            expected["content-length"],
        )
    part = ask(app, f"/evidence/{PICTURE}", range="bytes=0-3")
    assert (part.status_code, part.content) == (206, PICTURE[:4].encode())
    past = ask(app, f"/evidence/{PICTURE}?lang=fr", range="bytes=99999999-", accept=BROWSER)
    assert (past.status_code, past.headers["content-language"]) == (416, "fr")
    assert ask(app, f"/evidence/{PICTURE}", range="nothing").status_code == 200


@pytest.mark.parametrize(
    ("title", "saved_as"),
    [
        (TITLE, "Rapport annuel HYPERLINK http evil example script alert 1 script bold link javas.pdf"),
        ("../\r\n\u202e", "document.pdf"),
    ],
)
def test_a_document_is_saved_by_its_title_without_signs_that_mislead(folder, monkeypatch, title, saved_as):
    with duckdb.connect(folder / "published" / "snapshot-fixture.duckdb") as connection:
        connection.execute("update annotations set words = ? where file = ?", [title, DOCUMENT])
    answer = ask(make_app(folder, monkeypatch), f"/evidence/{DOCUMENT}?utm_source=a&lang=fr")
    assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{quote(saved_as)}")


def test_what_is_withdrawn_or_named_by_no_build_is_not_handed_out_whatever_stands_there(app, folder, monkeypatch):
    t, t_fr = translator("en"), translator("fr")
    withdraw(folder, OF_STORY)
    for name in (GONE, OF_STORY):
        for query in ("", "?build=fixture"):  # a kept build shows no more of it
            answer = ask(app, f"/evidence/{name}{query}")
            assert (answer.status_code, answer.headers["cache-control"]) == (410, "no-store")
            assert answer.json()["error"] == t(WITHDRAWN)
        page = ask(app, f"/evidence/{name}?lang=fr", accept=BROWSER)
        assert f"<p>{t_fr(WITHDRAWN)}</p>" in page.text
        assert not any(words in page.text for words in ("Withdrawn", HOSTILE, "Rapport"))
    (folder / "published" / "files" / "x.html").write_text("<script>1</script>")
    for name in (UNNAMED, UNNAMED.upper(), "x.html", f"{'0' * 64}.pdf", "..%2fcurrent.json", f"{DOCUMENT}.html"):
        answer = ask(app, f"/evidence/{name}")
        assert answer.status_code == 404, name
    assert ask(app, f"/evidence/{DOCUMENT}?build=gone").status_code == 410
    assert ask(app, f"/evidence/{DOCUMENT}", "POST").status_code == 405


def test_a_closed_campaign_closes_its_files_too(folder, monkeypatch):
    write_roles(folder, closed=True)
    monkeypatch.setenv("DASHBOARD_STAFF", "closed")
    site = make_site(folder, monkeypatch)
    answer = ask(site, f"/evidence/{PICTURE}")
    assert answer.status_code == 401
    assert "access-control-allow-origin" not in answer.headers
