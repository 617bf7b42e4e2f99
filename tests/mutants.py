"""How many wrong statements the tests notice: each mutant of an SQL file is one small change; a test should fail.

`python -m tests.mutants measures` (or `account`) changes one comparison, `and`, `or`, `not`, join, constant or sum
at a time in a copy of the project, runs the tests of that area until one fails, and lists the mutants that none
noticed. Mutants that do not parse do not count. Python's mutants are mutmut's business (docs/testing.md).
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import duckdb

from dashboard.paths import PROJECT

MOST_SECONDS = 300
"""A mutant that keeps the tests busy for longer is noticed: it would not end."""


class Area(NamedTuple):
    """Statements, as patterns of their files, and the tests that should notice a wrong one, the quickest first."""

    statements: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = {
    "measures": Area(
        (
            *(f"dashboard/queries/{name}.sql" for name in ("macros", "headline", "counted", "members", "expected")),
            "dashboard/queries/changes*.sql",
            "dashboard/queries/register_[cp]*.sql",
        ),
        (
            "tests/dashboard/measures",
            "tests/dashboard/snapshot",
            "tests/dashboard/files/extracts/test_open_files.py",
            "tests/acceptance/test_rates_agree_with_pandas.py",
        ),
    ),
    "account": Area(
        ("etl/sql/steps/90_write_account.sql", "etl/sql/checks/account_adds_up.sql"),
        ("tests/etl/pipeline/test_build.py", "tests/etl/pipeline/test_checks.py"),
    ),
}

_QUIET = re.compile(r"--[^\n]*")
_CHANGES: tuple[tuple[str, str], ...] = (
    (r"<>", "="), (r"(?<![<>!=])=(?!=)", "<>"), (r"<=", "<"), (r"<(?![=>])", "<="), (r">=", ">"),
    (r"(?<![<=>-])>(?!=)", ">="), (r"\bis not null\b", "is null"), (r"\bis null\b", "is not null"),
    (r"\band\b", "or"), (r"\bor\b", "and"), (r"\bnot (?=in\b|exists\b|list_)", ""),
    (r"\b(?:left|full) join\b", "inner join"), (r"\binner join\b", "left join"), (r"\bunion all\b", "union"),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"(?<![\w.$'])\d+(?![\w.'])", "7"), (r"'[a-z_]+'", "'nonsense'"),
    (r"\bcount\(distinct ", "count("), (r"\bmin\(", "max("), (r"\bmax\(", "min("), (r"\bsum\(", "max("),
    (r" \+ ", " - "), (r" - ", " + "),
)  # fmt: skip
"""The parts of a statement, and their replacements in a mutant."""


class Mutant(NamedTuple):
    """One change of one file."""

    file: str
    line: int
    before: str
    after: str
    text: str

    def __str__(self) -> str:
        """Return the place and the change, on one line."""
        return f"{self.file}:{self.line}: {self.before.strip()!r} -> {self.after.strip()!r}"


def list_mutants(file: str, text: str) -> Iterator[Mutant]:
    """Yield the mutants of one file that parse, from its first line to its last."""
    comments = [match.span() for match in _QUIET.finditer(text)]
    places = sorted(
        (match.start(), match.end(), after) for pattern, after in _CHANGES for match in re.finditer(pattern, text)
    )
    for start, end, after in places:
        if any(first <= start < last for first, last in comments) or text[start:end] == after:
            continue
        changed = text[:start] + after + text[end:]
        try:
            duckdb.extract_statements(changed)
        except duckdb.Error:
            continue
        yield Mutant(file, text.count("\n", 0, start) + 1, text[start:end], after, changed)


def copy_project(target: Path) -> Path:
    """Copy the files under version control, for one worker to change, beside the shared data if there are any."""
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    project = target / PROJECT.name
    for name in listed.stdout.splitlines():
        if (PROJECT / name).is_file():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, project / name)
    if (PROJECT.parent / "shared").is_dir():
        (target / "shared").symlink_to(PROJECT.parent / "shared")
    return project


def is_noticed(mutant: Mutant, project: Path, tests: tuple[str, ...]) -> bool:
    """Whether a test fails on the mutant; the copy is left as it was."""
    file = project / mutant.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(mutant.text, encoding="utf-8")
    try:
        return run_tests(project, tests) != 0
    finally:
        file.write_text(whole, encoding="utf-8")


def run_tests(project: Path, tests: tuple[str, ...]) -> int:
    """Run tests of a copy until one fails; pytest's exit code, or -1 where they did not end in time."""
    quick = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *quick, *tests]
    try:
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, timeout=MOST_SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        return -1


def main() -> None:
    """Try every mutant of an area, and list those that no test noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    chosen = parser.parse_args()
    area = AREAS[chosen.area]
    files = sorted({path for pattern in area.statements for path in PROJECT.glob(pattern)})
    mutants = [
        mutant
        for path in files
        for mutant in list_mutants(path.relative_to(PROJECT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    copies: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(chosen.workers) as pool:
        for number in range(chosen.workers):
            copies.put(copy_project(Path(scratch) / str(number)))

        def judge(mutant: Mutant) -> bool:
            project = copies.get()
            try:
                return is_noticed(mutant, project, area.tests)
            finally:
                copies.put(project)

        path = files[0].relative_to(PROJECT).as_posix()
        if judge(Mutant(path, 0, "", "", files[0].read_text(encoding="utf-8"))):
            sys.exit("The tests do not pass as they are.")

        survivors = []
        for mutant, noticed in zip(mutants, pool.map(judge, mutants), strict=True):
            if not noticed:
                survivors.append(mutant)
                print(f"not noticed  {mutant}", flush=True)
    noticed_count = len(mutants) - len(survivors)
    print(f"{chosen.area}: {noticed_count} of {len(mutants)} mutants noticed ({noticed_count / len(mutants):.0%})")


if __name__ == "__main__":
    main()
