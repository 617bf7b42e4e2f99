"""Which groups are told to change, with which figures, where lists of a campaign are changed and it is built again."""

from pathlib import Path

from dashboard.measures.counts import DIMENSIONS
from dashboard.measures.group_changes import COMPARED, Counts, compare_groups
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.snapshot.database import Snapshot
from tests.etl.campaigns import make_campaign, publish_campaign
from tests.etl.registers import HEADER, action

PLACES = ("Kenya", "Kenya", "Ghana", "France", "Peru")
GROUPINGS = "code,label_en,countries,source,aliases,sort_order\n"
BEFORE = GROUPINGS + "lake,Lake,KEN,a,,1\ncoast,Coast,GHA,a,,2\nclub,Club,FRA,a,,3\n"
AFTER = GROUPINGS + "lake,Lake,KEN|GHA,a,,1\ncoast,Coast,GHA,a,,2\nplain,Plain,UGA,a,,4\n"
THEMES = "code,label_en,aliases,sort_order\nlaw,Law,{law},1\nschool,School,,2\n"


def test_the_groups_that_a_change_of_lists_moves_are_told_and_no_others(tmp_path: Path) -> None:
    rows = (
        action(str(number), promise=f"Promise {number}", Where=place, Themes="Courts" if number == 1 else "School",
               Status="Completed" if number == 3 else "Not started")
        for number, place in enumerate(PLACES, start=1)
    )  # fmt: skip
    folder = make_campaign(tmp_path / "c", {"a.csv": HEADER + "".join(rows)})
    countries = (SHIPPED_CAMPAIGN / "codelists" / "countries.csv").read_text(encoding="utf-8-sig")
    moved = countries.replace(",GH,africa,western_africa", ",GH,americas,caribbean")
    assert moved != countries
    snapshots = []
    for lists in (
        {"groupings": BEFORE, "themes": THEMES.format(law=""), "countries": countries},
        {"groupings": AFTER, "themes": THEMES.format(law="Courts"), "countries": moved},
    ):
        for name, text in lists.items():
            (folder.root / "codelists").mkdir(exist_ok=True)
            (folder.root / "codelists" / f"{name}.csv").write_text(text, encoding="utf-8")
        pointer = publish_campaign(folder)
        path = folder.published / pointer["snapshot"]
        snapshots.append(Snapshot(path, pointer["build_id"], pointer["built_at"], 8))

    found = compare_groups(*snapshots)
    assert [one.dimension for one in found] == list(DIMENSIONS)
    told = {one.dimension: [(each.group.code, each.before, each.after) for each in one.changed] for one in found}
    assert told == {
        "region": [("africa", count(3, 1), count(2)), ("americas", count(1), count(2, 1))],
        "subregion": [("western_africa", count(1, 1), count(0)), ("caribbean", count(0), count(1, 1))],
        "grouping": [("lake", count(2), count(3, 1)), ("plain", None, count(0)), ("club", count(1), None)],
        "country": [],
        "category": [],
        "theme": [("law", count(0), count(1)), ("unclassified", count(1), count(0))],
        "group": [],
    }
    unchanged = {one.dimension: one.unchanged for one in found}
    assert (unchanged["grouping"], unchanged["country"], unchanged["theme"]) == (1, 4, 1)

    first = {one.dimension: one for one in compare_groups(None, snapshots[0])}
    assert [(each.group.labels["fr"], each.after) for each in first["grouping"].changed] == [
        ("Lake", count(2)),
        ("Coast", count(1, 1)),
        ("Club", count(1)),
    ]
    assert first["grouping"].unchanged == 0


def count(actions: int, completed: int = 0) -> Counts:
    """The counts of a group all of whose actions are reported."""
    return dict(zip(COMPARED, (actions, actions, completed, 0), strict=True))
