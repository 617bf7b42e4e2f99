"""The intake of a build alone, for files that are only to be read, or refused: a tenth of what a whole build takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from dashboard.campaign.folder import CampaignFolder
from etl.build.intake import Intake
from etl.inputs.forgotten import read_forgotten
from etl.inputs.inbox import list_exports
from etl.recipes.model import load_recipes
from etl.recipes.recognition import learn_spellings
from etl.sqlfiles import SQL, run_file
from etl.texts.folding import Folding


@contextmanager
def open_intake(folder: CampaignFolder) -> Iterator[Intake]:
    """The intake of a campaign's build, with nothing read yet, on a work database in memory."""
    with TemporaryDirectory() as work, duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("attach ':memory:' as private")
        fold = Folding(connection)  # the macros below call its own
        for script in ("work", "macros"):
            run_file(connection, SQL / f"{script}.sql")
        recipes = load_recipes(folder)
        learn_spellings(recipes, fold)
        yield Intake(connection, recipes, fold, Path(work), read_forgotten(folder))


def read_inbox(folder: CampaignFolder) -> list[tuple[str, int, str]]:
    """File, row and title of every action in the inbox, as its recipe reads it; no row that was read is missing."""
    with open_intake(folder) as intake:
        for name, path in list_exports(folder)[0]:
            intake.add(name, path)
        staged = intake.connection.execute(
            "select source_file, source_row, title from staged_actions inner join sheets using (sheet_no) order by all"
        ).fetchall()
        rows = intake.connection.execute("select sum(rows_read) from sheets").fetchall()
    assert rows == [(len(staged),)]
    return staged
