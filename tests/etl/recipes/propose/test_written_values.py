"""Read days, moments and numbers as people and tools write them."""

from collections.abc import Iterable, Iterator

import duckdb
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.paths import SHIPPED_CAMPAIGN
from etl.pipeline.workspace import open_for_looking


@pytest.fixture(scope="module")
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_for_looking(CampaignFolder(SHIPPED_CAMPAIGN), SHIPPED_CAMPAIGN / "campaign.toml") as connection:
        yield connection


CALLS = {
    "day": "read_day(words, ordering)::varchar",
    "time": "read_moment(words, read_day_slowly(words, ordering))::varchar",
    "number": "if(ordering = ordering, read_number(words), null)",
}


def read(
    reader: duckdb.DuckDBPyConnection, how: str, all_words: Iterable[str], order: str = "dmy"
) -> dict[str, object]:
    """Read words with a reader of cells, all at once."""
    query = f"select words, {CALLS[how]} from (select unnest($words) as words, $order as ordering)"  # noqa: S608
    return dict(reader.execute(query, {"words": list(all_words), "order": order}).fetchall())


PERIODS = {
    "2021-12-31": (
        "2021-12", "December 2021", "décembre 2021", "diciembre de 2021", "Dec-21", "IV quarter of 2021", "Q4/2021",
        "fourth quarter, 2021", "T4 2021", "4T2021", "4.º trimestre de 2021", "2021-H2", "2e semestre 2021", "2021",
    ),
    "2021-09-30": ("Sept. 2021", "T3 2021", "3rd quarter of 2021"),
    "2021-06-30": ("end of June 2021", "deuxième trimestre de 2021", "H1 2021", "first half of 2021",
                   "primer semestre de 2021"),
    "2021-03-31": ("2021-Q1", "1er trimestre 2021"),
    "2024-02-29": ("02/2024",),
    "2017-09-30": ("Q3 2017",),
    "2022-03-31": ("by Q1 2022",),
}  # fmt: skip


def test_a_period_is_its_last_day(reader):
    expected = {words: day for day, periods in PERIODS.items() for words in periods}
    assert read(reader, "day", expected) == expected


def test_a_day_is_read_however_it_is_written(reader):
    expected = {
        "20211205": "2021-12-05", "2021-10-05 00:00:00": "2021-10-05", "2021-12-05T23:30:00-05:00": "2021-12-05",
        "8/21/2019 13:10:31": "2019-08-21", "1er juin 2021": "2021-06-01", "30 de junio de 2021": "2021-06-30",
        "44500": "2021-10-31", "2201-01-01": "2201-01-01", "03/04/2021": "2021-04-03", "4.5.21": "2021-05-04",
        "3 août 2021": "2021-08-03", "12 de septiembre de 2021": "2021-09-12", "March 12, 2021": "2021-03-12",
        "20 December 2021": "2021-12-20", "20 de diciembre de 2021": "2021-12-20", "12 d'août 2021": "2021-08-12",
        "5-Dec-21": "2021-12-05", "2023/11/13 4:20:37 pm CET": "2023-11-13",
    }  # fmt: skip
    assert read(reader, "day", expected) == expected
    of_america = {"03/04/2021": "2021-03-04", "25/04/2021": "2021-04-25", "04/26/2021": "2021-04-26"}
    assert read(reader, "day", of_america, "mdy") == of_america


def test_what_is_no_day_is_none(reader):
    words = ["end of the year", "Q5 2021", "H3 2021", "1st 2021", "third 2021", "half 2021", "13/2021", "1 2021",
             "12:15:00.000+07:00", "market 2021", "12345678", "45", "2021-02-30", "next year"]  # fmt: skip
    assert read(reader, "day", words) == read(reader, "time", words) == dict.fromkeys(words)


def test_a_moment_with_a_zone_is_turned_into_utc(reader):
    expected = {
        "2023/11/13 4:20:37 pm CET": "2023-11-13 15:20:37+00",
        "2023/11/13 4:20:37 p. m. GMT-5": "2023-11-13 21:20:37+00",
        "2023/11/13 12:05:00 am EAT": "2023-11-12 21:05:00+00",
        "2021-11-13 4:20:37 pm CET": "2021-11-13 15:20:37+00",
        "2021-12-05T10:11:12.500Z": "2021-12-05 10:11:12.5+00",
        "2021-12-05T10:11:12.000+0200": "2021-12-05 08:11:12+00",
        "2021-12-05 10:11:12": "2021-12-05 10:11:12+00",
        "13/11/2023 16:20": "2023-11-13 16:20:00+00",
        "44500.5": "2021-10-31 12:00:00+00",
        "December 2021": "2021-12-31 00:00:00+00",
    }
    assert read(reader, "time", expected) == expected


def test_a_number_is_read_in_every_country_s_way(reader):
    numbers = {"1.234,5": 1234.5, "1,234.5": 1234.5, "1 234": 1234.0, "1\u202f234,5": 1234.5, "1.234.567": 1234567.0,
               "45 %": 45.0, "45,5": 45.5, "8,25": 8.25, "45,5\u00a0%": 45.5, "45 per cent": 45.0,
               "45 pour cent": 45.0, "0.5": 0.5, "some": None, "40 to 50": None, "": None}  # fmt: skip
    assert read(reader, "number", numbers) == numbers
