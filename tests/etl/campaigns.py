"""Small campaign folders made by the tests: recipes and exports as text, built by the real build."""

import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb

from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.answers.question_kinds import ROWS
from dashboard.campaign.folder import CampaignFolder
from dashboard.engines import lend
from dashboard.paths import quote_path
from etl.inputs.uses_file import keep_answers
from etl.pipeline import build as builds
from etl.pipeline.workspace import open_for_looking
from etl.publish import history
from etl.publish.holding import only_build
from etl.publish.publish import publish, switch
from etl.publish.unchanged import build_if_changed
from etl.recipes.known_headers import FILE, read_set_files
from etl.recipes.propose.propose import Proposals, propose
from etl.recipes.recipe_file import Recipe, parse_recipe

Told = str | tuple[str, ...]


def fields(**headers: Told) -> str:
    """Write the parts of a recipe that give the headers of fields."""
    return "".join(_part(f"fields.{field}", told) for field, told in headers.items())


def recipe(name: str, holds: str, known_by: Told, /, *more: str, called: str = "", **headers: Told) -> str:
    """Write a recipe: its identifying headers and those of its fields, as "A|B", each with its further lines."""
    head = f'id = "{name}"\ntitle = "{called or name}"\nholds = "{holds}"\n'
    return head + _part("recognise", known_by) + fields(**headers) + "".join(f"{part}\n" for part in more)


def _part(name: str, told: Told) -> str:
    headers, *others = (told,) if isinstance(told, str) else told
    listed = json.dumps(headers.split("|"), ensure_ascii=False)
    return "\n".join([f"[{name}]", f"headers = {listed}", *others, ""])


ACTIONS_RECIPE = recipe(
    "office_actions", "actions", ("Ref|Maker", 'without = ["Coded by staff"]'),
    '[read]\nseparators = [";", ","]',
    called="Register of one office", response_id=("Ref", 'prefix = "OFF-"'), stakeholder="Maker|Porteur",
    title=("Promise|Promesse*", "required = true"), description="How", submitted_at="Sent", due_on="Due",
    stakeholder_group="Kind of maker", category="Category", themes="Themes", countries="Where", language="Language",
    status="Status", percent="Progress",
)  # fmt: skip
REPORTS_RECIPE = recipe(
    "office_reports", "progress_reports", "Report|State",
    '[values.status]\n"Nearly there" = "in_progress"',
    called="Progress of one office", report_id="Report", submission_id="Ref", stakeholder="Maker", title="Promise",
    submitted_at="Sent", status="State", percent="Progress", completed_on="Done on", narrative="Story",
)  # fmt: skip
CLASSIFICATION_RECIPE = recipe(
    "office_classes", "classification", "Ref|Coded by staff",
    '[read]\nseparators = [";"]',
    called="Staff's classification", submission_id="Ref", stakeholder="Maker", title="Promise", category="Category",
    themes="Themes", countries="Where", stakeholder_group="Kind of maker",
)  # fmt: skip
RECIPES = {
    "office_actions": ACTIONS_RECIPE,
    "office_reports": REPORTS_RECIPE,
    "office_classes": CLASSIFICATION_RECIPE,
}


def make_campaign(
    root: Path, exports: Mapping[str, str | bytes], recipes: Mapping[str, str] | None = None
) -> CampaignFolder:
    """Write a campaign folder with these exports and recipes (the office's three by default)."""
    (root / "inbox").mkdir(parents=True)
    (root / "recipes").mkdir()
    for name, text in (RECIPES if recipes is None else recipes).items():
        (root / "recipes" / f"{name}.toml").write_text(text, encoding="utf-8")
    for name, content in exports.items():
        path = root / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return CampaignFolder(root)


def count_from_submission(folder: CampaignFolder) -> CampaignFolder:
    """Answer for all files that statuses without a day were true when they were submitted; gives the campaign."""
    keep_answers(folder, [Answer(0, "day", "", "", "", "", ROWS)])
    return folder


def make_published(root: Path, exports: Mapping[str, str | bytes], **recipes: Mapping[str, str]) -> CampaignFolder:
    """Write a campaign folder, and publish it."""
    folder = make_campaign(root, exports, **recipes)
    publish_campaign(folder)
    return folder


def copy_campaign(folder: CampaignFolder, to: Path) -> CampaignFolder:
    """Copy a campaign with all that is published of it, for one test to change."""
    shutil.copytree(folder.root, to)
    return CampaignFolder(to)


@contextmanager
def built(folder: CampaignFolder, **options: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Build a campaign without publishing it and open the snapshot."""
    with (
        builds.build(folder, folder.published, **options) as result,
        _opened(result.snapshot, result.contacts) as connection,
    ):
        yield connection


@contextmanager
def _opened(snapshot: Path, store: Path, how: str = "read_write") -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to a snapshot, on a lent engine; queries call files and columns by their names."""
    with lend() as engine:
        with closing(engine.cursor()) as connection:
            connection.execute(f"attach {quote_path(snapshot)} as snapshot ({how})")
            connection.execute("use snapshot")
            know_names(connection, store)
            yield connection
        for name in ("names", "snapshot"):
            engine.execute(f"detach {name}")


def look_at(folder: CampaignFolder, path: Path, *which: Any, **said: Any) -> Proposals:
    """Return the recipes that are proposed for a file; further arguments are those of `propose`."""
    with open_for_looking(folder, path) as connection:
        return propose(connection, folder, path, *which, **said)


class Asked(Protocol):
    """The target of a query."""

    def execute(self, query: str, parameters: object = None, /) -> duckdb.DuckDBPyConnection: ...


def ask(asked: Asked, query: str, parameters: object = None) -> list[Any]:
    """Return all rows of an answer."""
    return asked.execute(query, parameters).fetchall()


@contextmanager
def open_published(folder: CampaignFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the snapshot that is published, as `built` does one that is not."""
    pointer = json.loads((folder.published / "current.json").read_text(encoding="utf-8"))
    with _opened(folder.published / pointer["snapshot"], folder.private / "contacts.duckdb", "read_only") as connection:
        yield connection


def know_names(connection: duckdb.DuckDBPyConnection, store: Path) -> None:
    """Let a query call files and columns of a snapshot by their own names: `named(source_file)`, `headed(header)`."""
    connection.execute(f"attach {quote_path(store)} as names (read_only)")
    connection.execute(
        "create temp macro named(handle) as (select map(list(source_file), list(file_name)) from "
        "(select distinct source_file, file_name from names.input_names))[handle]"
    )
    connection.execute(
        "create temp macro headed(written) as "
        "coalesce((select map(list(handle), list(header)) from names.input_headers)[written], written)"
    )


def publish_campaign(folder: CampaignFolder) -> dict[str, str]:
    """Publish the campaign as it is, as the command does; return the pointer."""
    with only_build(folder), build_if_changed(folder) as result:
        publish(folder, result)
    pointer: dict[str, str] = json.loads((folder.published / "current.json").read_text(encoding="utf-8"))
    return pointer


def switch_to_copy(folder: CampaignFolder, build_id: str) -> None:
    """Publish a copy of the published snapshot under the id of another build, as the end of a build does."""
    target = folder.published / f"snapshot-{build_id}.duckdb"
    published = history.published_snapshot(folder)
    assert published is not None
    shutil.copy(published, target)
    with duckdb.connect(target) as connection:
        connection.execute("update campaign set build_id = $build", {"build": build_id})
    with only_build(folder):
        switch(folder, target, how="build")


def read_recipe_file(path: Path) -> Recipe:
    """Read one recipe of a campaign's own, as a file holds it."""
    return parse_recipe(path, tomllib.loads(path.read_text(encoding="utf-8")), read_set_files(path.parent / FILE))
