"""A build that ends when its exports are read: for files that are only to be read, or refused."""

from typing import Any
from unittest.mock import patch

from dashboard.campaign.folder import CampaignFolder
from etl.pipeline import build as builds


class _EndOfIntake(Exception):  # noqa: N818 - no error: all is read
    """Carries the answers."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        super().__init__("the exports are read")
        self.rows = rows


def read_inbox(folder: CampaignFolder) -> list[tuple[str, int, str]]:
    """File, row and title of every action in the inbox, as its recipe reads it."""
    return ask_intake(
        folder,
        "select file_name, source_row, title from staged_actions inner join sheets using (sheet_no) order by all",
    )


def ask_intake(folder: CampaignFolder, query: str) -> list[Any]:
    """Query the work database when every row is staged, with all actions of the files."""

    def tell_rows(making: builds.Making) -> None:
        connection = making.connection
        staged = connection.execute("select count(*) from staged_actions").fetchall()
        read = connection.execute("select sum(rows_read) from sheets where kind = 'actions'").fetchall()
        assert read == staged
        raise _EndOfIntake(connection.execute(query).fetchall())

    with patch.object(builds, "_run_steps", tell_rows):
        try:
            with builds.build(folder, folder.published):
                raise AssertionError("the build went on")
        except _EndOfIntake as end:
            return end.rows
        finally:
            assert not list(folder.published.glob(".build-*"))
