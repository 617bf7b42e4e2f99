"""A link that came by a network or a mail, opened in a browser: what it shows, and what is shared from there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import choose, open_page

pytestmark = pytest.mark.browser


def test_a_shared_link_opens_and_what_is_shared_from_it_is_what_is_seen(reader: Page, server: str) -> None:
    appended = "utm_source=newsletter&utm_medium=email&fbclid=IwAR0x&mc_cid=1&theme="
    open_page(reader, f"{server}/regions?region=Africa&{appended}&lang=en-GB")
    expect(reader.get_by_role("alert")).to_have_count(0)
    stated = reader.locator("head link[rel=canonical], head meta[property='og:url'], head link[hreflang]")
    expect(stated.first).to_have_attribute("href", f"{server}/regions?region=africa&lang=en")
    choose(reader, "region", "Americas")
    expect(reader).to_have_url(re.compile(r"/regions\?region=africa&region=americas&lang=en$"))
    expect(stated).to_have_count(0)  # a phone that shares the page takes the address bar's
