"""One lock: messages name its holder, a kill releases it, and a fault under it is reported unchanged."""

import stat
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest

from dashboard.errors import UserError
from dashboard.ground.files import locking

HOLDER = """
import sys, time
from pathlib import Path
from dashboard.ground.files import locking
with locking.hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
REFUSAL = UserError("Somebody is at it.", "Wait.")


def test_a_lock_is_held_by_one_process_until_that_ends_however_it_does(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError, match=r"Somebody is at it\."), locking.hold(path, 0, REFUSAL):
            pass
        with pytest.raises(locking.InUseError), locking.hold(path, 0.1):
            pass
        Timer(0.2, holder.kill).start()
        with locking.hold(path, 30, REFUSAL, mode=0o600):
            assert holder.wait() != 0
    with locking.hold(path):
        pass


def test_what_goes_wrong_under_a_lock_is_not_told_as_its_refusal(tmp_path: Path) -> None:
    def hold_both() -> None:
        with locking.hold(tmp_path / "outer", 0, REFUSAL):
            raise locking.InUseError("inner")

    with pytest.raises(locking.InUseError, match="inner"):
        hold_both()
    with locking.hold(tmp_path / "outer", 0, REFUSAL):
        pass


def test_a_lock_file_is_its_owners_alone_where_that_is_asked(tmp_path: Path) -> None:
    with locking.hold(tmp_path / "lock", mode=0o600):
        assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
