"""What is said of links that cannot be shown, as data, in every language."""

import pytest

from dashboard.errors import SelectionError
from dashboard.i18n import translator
from dashboard.snapshot.kept_builds import GoneError
from dashboard.snapshot.selection import parse
from dashboard.ui.frame import page
from tests.models import assert_filled


@pytest.mark.parametrize(
    ("query", "named", "allowed"),
    [
        ({"region": "atlantis"}, ("region", "atlantis"), "africa"),
        ({"regoin": "africa"}, ("regoin",), "region"),
        ({"as_of": "31/12/2021"}, ("as_of", "31/12/2021"), "YYYY-MM-DD"),
        ({"action": "A-1"}, ("action",), "q"),
        ({"lang": "de"}, ("lang", "de"), "en"),
    ],
)
def test_a_faulty_link_is_refused_with_what_would_be_allowed(snapshot, query, named, allowed, lang):
    with pytest.raises(SelectionError) as raised:
        parse({name: [value] for name, value in query.items()}, snapshot)
    t = translator(lang)
    said = page.explain_link(raised.value, snapshot, t)
    assert all(f"`{name}" in said.error or f"{name}`" in said.error for name in named)
    assert any(allowed in value for value, _ in said.allowed)
    assert said.heading == t("This link cannot be read")
    assert (said.link.page_id, said.link.pairs) == ("overview", (("lang", lang),))
    labels = {code: entry.labels[lang] for code, entry in snapshot.codes["regions"].items()}
    if "region" in query:
        assert dict(said.allowed) == labels
    assert ("`region`" in said.near) == ("regoin" in query)
    assert_filled(said)


def test_a_link_whose_build_is_gone_says_so_and_leads_on(lang):
    t, kept = translator(lang), (("region", "africa"), ("lang", lang))
    said = page.explain_build(GoneError("never`s"), t, "regions", kept)
    assert said.heading == t("These figures are no longer kept")
    assert "`never's`" in said.error
    assert (said.link.label, said.link.page_id, said.link.pairs) == (t("Show the newest figures"), "regions", kept)
    assert_filled(said)
