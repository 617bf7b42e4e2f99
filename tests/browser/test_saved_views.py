"""Views of the register that a reader has given a name: saved, opened, renamed, removed, in the browser alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.i18n import translator
from tests.browser.ways import open_page, query

pytestmark = pytest.mark.browser


def test_a_view_gets_a_name_and_is_opened_renamed_and_removed_by_it(reader: Page, server: str) -> None:
    t = translator("fr")
    open_page(reader, f"{server}/actions?region=africa&sort=title&columns=status,due_on&lang=fr")
    box = reader.get_by_role("button", name=t("Saved views"))
    box.click()
    views = reader.get_by_role("dialog")
    expect(views).to_contain_text(t("No view is saved in this browser yet."))
    name = "L’Afrique <b>d’abord</b>"
    views.get_by_label(t("A name for what you see: filters, columns and order")).fill(name)
    reader.keyboard.press("Enter")
    expect(views.get_by_role("link")).to_have_text([name])
    expect(views.get_by_role("status")).to_have_text(t("“{name}” is saved.", name=name))

    open_page(reader, f"{server}/actions?lang=es")  # another visit, in another language
    t = translator("es")
    reader.get_by_role("button", name=t("Saved views")).click()
    views = reader.get_by_role("dialog")
    way = views.get_by_role("link", name=name)
    way.click()
    expect(reader).to_have_url(re.compile("sort=title"))
    kept = {"region": ["africa"], "sort": ["title"], "columns": ["status,due_on"], "lang": ["es"]}
    assert query(reader) == kept
    expect(views).to_have_count(0)
    heads = reader.get_by_role("columnheader")
    expect(heads).to_have_text([re.compile(t(head)) for head in ("Title", "Status", "Deadline")])
    expect(heads.first).to_have_attribute("aria-sort", "ascending")

    reader.get_by_role("button", name=t("Saved views")).click()
    expect(way).to_have_attribute("aria-current", "true")
    views.get_by_role("button", name=t("{action}: {name}", action=t("Rename"), name=name)).click()
    field = views.get_by_label(t("New name of “{name}”", name=name))
    expect(field).to_be_focused()
    reader.keyboard.type("África")
    reader.keyboard.press("Enter")
    expect(views.get_by_role("link")).to_have_text(["África"])
    remove = views.get_by_role("button", name=t("{action}: {name}", action=t("Remove"), name="África"))
    remove.click()
    expect(views.get_by_role("link")).to_have_count(0)
    expect(views).to_contain_text(t("No view is saved in this browser yet."))
