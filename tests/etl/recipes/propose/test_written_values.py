"""How days, moments and numbers are read as people and tools write them."""

from collections.abc import Iterator

import duckdb
import pytest

from dashboard.paths import QUERIES
from etl.sqlfiles import SQL, run_file


@pytest.fixture(scope="module")
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        run_file(connection, QUERIES / "fold.sql")
        run_file(connection, SQL / "macros.sql")
        yield connection


def read(reader: duckdb.DuckDBPyConnection, how: str, words: str, order: str = "dmy") -> object:
    calls = {
        "day": "read_day($words, $order)::varchar",
        "time": "read_time($words, $order)::varchar",
        "number": "if($order = $order, read_number($words), null)",
    }
    [(value,)] = reader.execute(f"select {calls[how]}", {"words": words, "order": order}).fetchall()
    return value


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2021-12", "2021-12-31"),
        ("02/2024", "2024-02-29"),
        ("December 2021", "2021-12-31"),
        ("décembre 2021", "2021-12-31"),
        ("diciembre de 2021", "2021-12-31"),
        ("Sept. 2021", "2021-09-30"),
        ("end of June 2021", "2021-06-30"),
        ("Dec-21", "2021-12-31"),
        ("Q3 2017", "2017-09-30"),
        ("T3 2021", "2021-09-30"),
        ("2021-Q1", "2021-03-31"),
        ("1er trimestre 2021", "2021-03-31"),
        ("3rd quarter of 2021", "2021-09-30"),
        ("IV quarter of 2021", "2021-12-31"),
        ("Q4/2021", "2021-12-31"),
        ("fourth quarter, 2021", "2021-12-31"),
        ("T4 2021", "2021-12-31"),
        ("4T2021", "2021-12-31"),
        ("4.º trimestre de 2021", "2021-12-31"),
        ("deuxième trimestre de 2021", "2021-06-30"),
        ("by Q1 2022", "2022-03-31"),
        ("H1 2021", "2021-06-30"),
        ("2021-H2", "2021-12-31"),
        ("first half of 2021", "2021-06-30"),
        ("2e semestre 2021", "2021-12-31"),
        ("primer semestre de 2021", "2021-06-30"),
        ("2021", "2021-12-31"),
    ],
)
def test_a_period_is_its_last_day(reader, words, day):
    assert read(reader, "day", words) == day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("20211205", "2021-12-05"),
        ("2021-12-05T23:30:00-05:00", "2021-12-05"),
        ("8/21/2019 13:10:31", "2019-08-21"),
        ("1er juin 2021", "2021-06-01"),
        ("30 de junio de 2021", "2021-06-30"),
        ("44500", "2021-10-31"),
        ("2201-01-01", "2201-01-01"),
    ],
)
def test_a_day_is_read_however_it_is_written(reader, words, day):
    assert read(reader, "day", words) == day


@pytest.mark.parametrize(
    "words",
    [
        "end of the year",
        "Q5 2021",
        "H3 2021",
        "1st 2021",
        "third 2021",
        "half 2021",
        "13/2021",
        "1 2021",
        "12:15:00.000+07:00",
        "market 2021",
        "12345678",
        "45",
    ],
)
def test_what_is_no_day_is_none(reader, words):
    assert read(reader, "day", words) is None
    assert read(reader, "time", words) is None


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2023/11/13 4:20:37 pm CET", "2023-11-13 15:20:37+00"),
        ("2023/11/13 4:20:37 p. m. GMT-5", "2023-11-13 21:20:37+00"),
        ("2023/11/13 12:05:00 am EAT", "2023-11-12 21:05:00+00"),
        ("2021-11-13 4:20:37 pm CET", "2021-11-13 15:20:37+00"),
        ("2021-12-05T10:11:12.500Z", "2021-12-05 10:11:12.5+00"),
        ("2021-12-05T10:11:12.000+0200", "2021-12-05 08:11:12+00"),
        ("2021-12-05 10:11:12", "2021-12-05 10:11:12+00"),
        ("13/11/2023 16:20", "2023-11-13 16:20:00+00"),
        ("44500.5", "2021-10-31 12:00:00+00"),
        ("December 2021", "2021-12-31 00:00:00+00"),
    ],
)
def test_a_moment_with_a_zone_is_turned_into_utc(reader, words, moment):
    assert read(reader, "time", words) == moment


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234", 1234.0),
        ("1\u202f234,5", 1234.5),
        ("1.234.567", 1234567.0),
        ("45 %", 45.0),
        ("45,5\u00a0%", 45.5),
        ("45 per cent", 45.0),
        ("45 pour cent", 45.0),
        ("0.5", 0.5),
        ("some", None),
        ("40 to 50", None),
        ("", None),
    ],
)
def test_a_number_is_read_in_every_country_s_way(reader, words, number):
    assert read(reader, "number", words) == number
