"""Private SQLite files: whoever comes first makes them, however many come at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from dashboard.campaign.private_store import Store

AT_ONCE, TRIES = 12, 40


def test_many_may_be_the_first_to_write(tmp_path: Path) -> None:
    """Without trying again about one of eight times fails for some of them."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(TRIES):
            together = Barrier(AT_ONCE)
            assert list(pool.map(_write, [tmp_path / str(number)] * AT_ONCE, [together] * AT_ONCE)) == [1] * AT_ONCE


def _write(folder: Path, together: Barrier) -> int:
    together.wait()
    with Store(folder, "mail").transaction() as connection:
        return int(connection.execute("select 1").fetchone()[0])
