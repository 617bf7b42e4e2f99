"""How often one module of the project calls another while a command runs: what a round trip a cell would show.

    python -m benchmarks.calls [--tree FOLDER] [--most 30] [-- MODULE ARGUMENT ...]

By default `benchmarks/sample` is built (`etl build --quiet`), in a copy. The command runs in a fresh process below the
tree, which may be another checkout, so that two versions are counted by one tracer. Counted are calls of Python
functions, and generators taken up again, where caller and callee are two modules of `dashboard` or `etl`; importing is
not counted.
"""

import argparse
import json
import runpy
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

ROOMS = ("dashboard", "etl")
HERE = Path(__file__).resolve()
SAMPLE = HERE.parent / "sample"


class Tracer:
    """Counts calls between the project's modules, by (caller, callee)."""

    def __init__(self) -> None:
        """Begin with no count."""
        self.pairs: Counter[tuple[str, str]] = Counter()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Take one event of `sys.setprofile`."""
        if event != "call" or frame.f_back is None or frame.f_code.co_name == "<module>":
            return
        callee, caller = _module(frame), _module(frame.f_back)
        if callee != caller and callee.partition(".")[0] in ROOMS and caller.partition(".")[0] in ROOMS:
            self.pairs[caller, callee] += 1


def _module(frame: FrameType) -> str:
    """Return the module whose code a frame runs; a command's own module is called by its name."""
    spec = frame.f_globals.get("__spec__")
    return str(spec.name if spec is not None else frame.f_globals.get("__name__", ""))


def count_here(target: Path, command: list[str]) -> None:
    """Run a module as a command in this process, traced, and write its calls to `target`."""
    tracer = Tracer()
    sys.argv = command
    sys.path.insert(0, str(Path.cwd()))
    threading.setprofile(tracer)
    sys.setprofile(tracer)
    try:
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code:
            raise
    finally:
        sys.setprofile(None)
        target.write_text(json.dumps([[*pair, count] for pair, count in tracer.pairs.items()]), encoding="utf-8")


def count_calls(tree: Path, command: list[str]) -> Counter[tuple[str, str]]:
    """Count a command's calls by (caller, callee), in a fresh process below `tree`; by default build the sample."""
    with tempfile.TemporaryDirectory() as temporary:
        target = Path(temporary) / "calls.json"
        if not command:
            campaign = Path(temporary) / "campaign"
            shutil.copytree(SAMPLE, campaign)
            command = ["etl", "build", "--quiet", "--campaign", str(campaign)]
        # Started by its path from the folder of the tree, so that the tree's own modules are the ones imported.
        subprocess.run([sys.executable, str(HERE), "--here", str(target), "--", *command], cwd=tree, check=True)
        return Counter({(one, other): count for one, other, count in json.loads(target.read_text(encoding="utf-8"))})


def main() -> None:
    """Print the table: the pairs of modules, the busiest first, and the sum."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tree", type=Path, default=HERE.parent.parent, help="checkout whose command is run")
    parser.add_argument("--most", type=int, default=30, help="how many pairs are printed")
    parser.add_argument("--here", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*", help="module and its arguments, after --")
    options = parser.parse_args()
    if options.here:
        count_here(options.here, options.command)
        return
    pairs = count_calls(options.tree.resolve(), options.command)
    print("| caller | called | calls |\n|---|---|---:|")
    for (caller, callee), count in pairs.most_common(options.most):
        print(f"| {caller} | {callee} | {count:,} |")
    print(f"| all {len(pairs)} pairs | | {pairs.total():,} |")


if __name__ == "__main__":
    main()
