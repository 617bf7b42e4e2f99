"""Keys of a campaign: the first use makes one, whoever else comes at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from dashboard.ground.files.private_store import read_key


def test_threads_that_need_a_key_at_the_same_moment_get_the_same(tmp_path: Path):
    for round_no in range(20):
        barrier, place = Barrier(6), tmp_path / str(round_no)

        def read(_: int, barrier: Barrier = barrier, place: Path = place) -> str:
            barrier.wait()
            return read_key(place, "key.txt")

        with ThreadPoolExecutor(6) as pool:
            (key,) = set(pool.map(read, range(6)))
        assert [path.name for path in place.iterdir()] == ["key.txt"] and len(key) == 64
