"""AppTest without needless costs: it runs six hundred pages, and looks through each again and again."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock

from streamlit.runtime.runtime import Runtime
from streamlit.testing.v1 import app_test, element_tree, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

_TREE = element_tree.ElementTree
_NAMES = dir(Runtime)
_wait_by_asking = local_script_runner.require_widgets_deltas
_walk = _TREE.__iter__


def run_cheaply() -> None:
    """Have AppTest wait for a page instead of asking a thousand times a second, and go through its elements once."""
    local_script_runner.require_widgets_deltas = _wait
    _TREE.__iter__ = _list_once  # type: ignore[assignment,method-assign]
    app_test.MagicMock = _stand_in  # type: ignore[assignment,attr-defined,misc]


def _wait(runner: LocalScriptRunner, timeout: float = 3) -> None:
    if runner._script_thread is not None:
        runner._script_thread.join(timeout)
    if not runner.script_stopped():
        _wait_by_asking(runner, 0)  # which tells how long it has waited


def _list_once(tree: element_tree.ElementTree) -> Iterator[Any]:
    """List the elements of a page that is finished: a tree is made anew at each run, and not changed."""
    if tree._runner is None:  # it is not finished
        return _walk(tree)
    if "elements" not in vars(tree):
        vars(tree)["elements"] = list(_walk(tree))
    return iter(vars(tree)["elements"])


def _stand_in(spec: type) -> MagicMock:
    """Return a stand-in for Streamlit's runtime: it inspects the runtime once, not each attribute at each run."""
    assert spec is Runtime
    return MagicMock(spec=_NAMES)
