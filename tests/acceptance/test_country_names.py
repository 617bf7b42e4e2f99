"""Every country name of two reference tables, in three languages, finds its country and its ILO region."""

import pandas as pd

from tests.acceptance.published import EXPORTS, account, ask, needs_exports, publish
from tests.etl.campaigns import RECIPES

pytestmark = needs_exports
NAMES = (
    "Preferred Term", "ISO Alt Term", "DGACM Alt Term", "HPC Tools Alt Term", "RW Short Name", "RW API Alt Term",
    "English Short", "French Short", "Spanish Short", "English Formal", "M49 English", "M49 French", "M49 Spanish",
    "ISO 3166-1 Alpha 3-Codes",
)  # fmt: skip
NO_MEMBER = {"ATA"}  # nobody acts in Antarctica; a name with "?" lost a letter on its way into the table


def read(name: str) -> pd.DataFrame:
    """Return one reference table as text."""
    return pd.read_csv(EXPORTS / "reference" / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def test_1100_names_find_their_country_and_region(tmp_path):
    groupings, taxonomy = read("ilostat_country_groupings.csv"), read("ocha_countries_m49_taxonomy.csv")
    names = [(name, iso3) for name, iso3 in zip(groupings["Country"], groupings["ISO3 Code"], strict=True)]
    for header in NAMES:
        names += zip(taxonomy[header].str.strip(), taxonomy["ISO 3166-1 Alpha 3-Codes"], strict=True)
    wanted = pd.DataFrame(
        sorted({(name, iso3) for name, iso3 in names if name and "?" not in name and iso3 not in NO_MEMBER | {""}})
    )
    register = pd.DataFrame({"Ref": wanted.index, "Maker": "Fictional", "Promise": wanted[0], "Where": wanted[0]})
    register["Promise"] = [f"{number}: {name}" for number, name in enumerate(wanted[0])]
    recipe = RECIPES["office_actions"].replace('separators = [";", ","]', 'separators = ["|"]')
    snapshot = publish(tmp_path / "c", {"a.csv": register.to_csv(index=False)}, {"office_actions": recipe})
    assert account(snapshot) == {"a.csv": (len(wanted), len(wanted), 0, 0)}
    assert len(wanted) > 1100
    countries = (
        "select a.submission_id, string_agg(c.iso3) from actions as a "
        "left join action_countries as c on a.action_no = c.action_no group by all"
    )
    found = dict(ask(snapshot, countries))
    mistaken = [(name, found[f"OFF-{i}"]) for i, (name, iso3) in wanted.iterrows() if found[f"OFF-{i}"] != iso3]
    assert mistaken == []
    regions = dict(ask(snapshot, "select distinct iso3, region from action_countries"))
    expected = zip(groupings["ISO3 Code"], groupings["ILO Region"], strict=True)
    assert [
        (iso3, regions[iso3]) for iso3, region in expected if regions[iso3] != region.lower().replace(" ", "_")
    ] == []
