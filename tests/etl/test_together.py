"""Of campaigns that are built together none may have to do with another."""

import pytest

from tests.etl.registers import HEADER, action
from tests.etl.together import Campaign, Together

ROW = HEADER + action("1", "Fictional Union", "Train inspectors", Sent="2021-03-01")


def test_campaigns_that_have_something_in_common_are_refused(tmp_path):
    together = Together()
    for name in ("one", "other"):
        together.add(name, Campaign({"a.csv": ROW}, is_signed=False))
    with pytest.raises(AssertionError, match="have something in common"), together.built(tmp_path / "c"):
        pass
