"""Every single edit on every file: `python -m tests.acceptance.edit_matrix [FILE …]` prints what each comes to.

Without names all files are tried, which takes an hour; the tests draw from the same edits and files. What is wrong in
silence, and what stops the program, is printed whole.
"""

import argparse
import random
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from tests.acceptance.edited_files import MADE_SOURCES, REAL_SOURCES, SAMPLE_SOURCES, Outcome, Source, load_source
from tests.acceptance.edits import EDITS


def try_edits(source: Source, verdicts: dict[str, Counter]) -> None:
    """Try every edit on one file and count the verdicts, by edit."""
    table = source.read()
    with tempfile.TemporaryDirectory() as work:
        before = load_source(Path(work) / "as it is", source, table)
        if before.refusal is not None:
            print(f"{source.name}: {before.refusal}")
            return
        for edit in EDITS:
            edited = edit(table, random.Random(7))  # noqa: S311  (test data, nothing secret)
            if edited != table:
                after = load_source(Path(work) / edit.name, source, edited)
                verdict = after.verdict(before)
                verdicts[edit.name][verdict] += 1
                if verdict == "wrong":
                    print(f"{source.name}, {edit.name}: {_differ(before, after)}")


def _differ(before: Outcome, after: Outcome) -> str:
    """Return the first rows in which two outcomes differ, table by table."""
    parts = []
    for name in before.figures:
        lost, new = before.figures[name] - after.figures[name], after.figures[name] - before.figures[name]
        if lost or new:
            parts.append(f"{name}: {lost.total()} lost {list(lost)[:2]}, {new.total()} new {list(new)[:2]}")
    return "; ".join(parts)


def main() -> None:
    """Print the verdicts of every edit, and the sums."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="names of files, as in edited_files; all by default")
    wanted = parser.parse_args().files
    verdicts: dict[str, Counter] = defaultdict(Counter)
    for source in (*MADE_SOURCES, *SAMPLE_SOURCES, *REAL_SOURCES):
        if (not wanted or source.name in wanted) and (source.made_in or source.path.is_file()):
            try_edits(source, verdicts)
    for edit, counts in verdicts.items():
        print(f"{edit:30}", ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common()))
    print("together", dict(sum(verdicts.values(), Counter())))


if __name__ == "__main__":
    main()
