"""Offered files: who has the token gets the file, for as long as the page offers it."""

import gc
from threading import Barrier, current_thread

from dashboard.errors import UserError
from dashboard.i18n import translator
from dashboard.web.offers import Offer, find_offer
from tests.offers import ask_for


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
