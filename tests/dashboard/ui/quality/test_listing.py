"""The lists of the data-quality page as it shows them: every row opens whole, in the order that the link asks for."""

import pytest

from dashboard.lists.declaration import ListRequest, Slice
from dashboard.lists.quality.lists import LISTS
from dashboard.ui.frame import staff
from dashboard.ui.pieces import list_table
from dashboard.ui.quality import listing
from tests.cases import some
from tests.quality_rows import publish_quality
from tests.views import lead, make_view

ON_PAGES = [spec for spec in LISTS.values() if spec.page_columns]


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """Return a build with something in every list; do not write into it."""
    return publish_quality(tmp_path_factory.mktemp("lists"))


@pytest.fixture(autouse=True)
def open_door(monkeypatch):
    monkeypatch.setattr(staff, "may_open", lambda who: True)


@pytest.mark.parametrize("spec", some(ON_PAGES, 3), ids=lambda spec: spec.list_id)
def test_a_row_opens_by_its_place_with_all_that_its_columns_say(listed, spec, lang):
    view = make_view(listed, "quality", {"section": spec.list_id}, lang=lang)
    t, model = view.t, list_table.make_model(view, spec)
    assert model.total and not model.warnings
    for place, line in enumerate(model.lines, start=1):
        way = line[spec.page_columns[0]].link
        page_id, query = lead(way)
        assert (page_id, query["row"], query["section"]) == ("quality", [str(place)], [spec.list_id])
        opened = listing.make_row(make_view(listed, "quality", {"row": str(place)}, lang=lang), spec)
        facts = dict(opened.facts)
        assert opened.title == way.label and lead(opened.close)[1] == {"lang": [lang]}
        shown = {head.label: line[head.name].text for head in model.heads if line[head.name].text}
        assert {label: facts.get(label, way.label) for label in shown} == shown
        assert (t("What to do") in facts) == (spec.list_id in ("rejected", "merged", "unmatched", "checks", "readings")
                                              or (spec.list_id == "columns" and place < 3))  # fmt: skip
    for stated in ("0", "999", "x", "-1"):
        assert listing.make_row(make_view(listed, "quality", {"row": stated}, lang=lang), spec) is None


@pytest.mark.parametrize("spec", some(ON_PAGES, 3), ids=lambda spec: spec.list_id)
def test_every_heading_that_sorts_puts_the_rows_in_its_order_and_numbers_them_by_it(listed, spec):
    usual = list_table.make_model(make_view(listed, "quality"), spec)
    for name in set(spec.sorts) & set(spec.page_columns):
        for order in ({}, {"order": "desc"}):
            parameters = {"sort": name, **order}
            model = list_table.make_model(make_view(listed, "quality", parameters), spec)
            assert not model.warnings and model.total == usual.total
            view = make_view(listed, "quality", parameters)
            asked = ListRequest(listed, view.selection, view.parameters, Slice(name, bool(order), model.total))
            rows = spec.read(asked).records
            last = listing.make_row(make_view(listed, "quality", {**parameters, "row": str(model.total)}), spec)
            assert last.row == rows[-1]
            codes = [row[name] for row in rows if row[name] is not None]
            if name in ("line", "value", "row_count", "reported_on", "filled", "source_row", "stakeholder"):
                assert codes == sorted(codes, reverse=bool(order)), name
            assert [line[spec.page_columns[0]].link.label for line in model.lines] == [
                row[spec.page_columns[0]] or view_missing(spec) for row in rows
            ]


def view_missing(spec):
    """Return the words for an empty cell in the column that names a row."""
    return spec.choose(spec.page_columns[:1])[0].missing
