"""A backup and its restoring against `tar` with `gzip` over the same files: seconds, megabytes, peak memory.

`tar` neither encrypts nor compares nor stores a content once; a backup does, and restoring also builds once more.
"""

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.processes import measure
from benchmarks.synthetic import build_snapshot, write_campaign


def main() -> None:
    """Print the table."""
    os.environ["DASHBOARD_BACKUP_PASSPHRASE"] = "of a benchmark"  # noqa: S105
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, nargs="+", default=[10_000, 100_000])
    print(
        "| actions | MB of files | command | s | of processor | MB written | peak MB |\n|---|---|---|---|---|---|---|"
    )
    for actions in parser.parse_args().actions:
        with tempfile.TemporaryDirectory(prefix="benchmark-backup-") as place:
            _measure_campaign(actions, Path(place))


def _measure_campaign(actions: int, place: Path) -> None:
    etl = ("-m", "etl")
    campaign, target = place / "campaign", place / "restored"
    write_campaign(actions, campaign)
    build_snapshot(campaign)
    files = sum(path.stat().st_size for path in campaign.rglob("*") if path.is_file()) / 1e6
    packed, backup = place / "packed.tar.gz", place / "b.tar"
    commands = {
        "tar and gzip": (
            "-c",
            "import os, sys; os.execvp(sys.argv[1], sys.argv[1:])",
            "tar",
            "-czf",
            str(packed),
            "-C",
            str(place),
            "campaign",
        ),
        "backup": (*etl, "backup", "--campaign", str(campaign), "--to", str(backup), "--quiet"),
        "check": (*etl, "backup", "--check", str(backup), "--quiet"),
        "restore": (*etl, "restore-backup", str(backup), "--campaign", str(target), "--quiet"),
    }
    written = {"tar and gzip": packed, "backup": backup}
    for name, command in commands.items():
        cost = measure(command)
        size = f"{written[name].stat().st_size / 1e6:,.1f}" if name in written else ""
        row = (
            f"{actions:,}",
            f"{files:,.1f}",
            name,
            f"{cost.wall:.1f}",
            f"{cost.processor:.1f}",
            size,
            f"{cost.peak_mb:,.0f}",
        )
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
