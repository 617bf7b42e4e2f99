"""The build: inputs → snapshot file, a pure function. Publishing is `etl.publish.publish`'s business."""

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from dashboard.campaign.accepted import ACCEPTED_FILE
from dashboard.campaign.answers.answer import Answer
from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.codelists import load_codelists as read_codelists
from dashboard.campaign.commitments import criteria
from dashboard.campaign.context_files import read_context
from dashboard.campaign.folder import ANSWER_FILES, STAFF_FILES, Campaign, CampaignFolder
from dashboard.errors import CampaignError, UserError
from dashboard.ground import tracking
from dashboard.ground.codelist_codes import Code
from dashboard.ground.processes.progress import Progress
from dashboard.i18n import N_, read_catalogue
from dashboard.languages import CATALOGUE, SOURCE, as_map
from dashboard.scratch import Scratch, is_left
from etl.inputs.decisions import POSTS, Decision, read_decisions
from etl.inputs.forgotten import read_forgotten
from etl.inputs.handles import read_key
from etl.inputs.inbox import build_id, hash_surroundings, list_exports, read_settings
from etl.inputs.spellings_file import SettledWord, Vocabulary, own_statuses, read_words
from etl.inputs.uses_file import read_answers, read_column_uses, read_sheet_uses
from etl.pipeline.checks import list_checks, run_checks
from etl.pipeline.codes import load_words, resolve_cells
from etl.pipeline.content_id import note_content
from etl.pipeline.derived import derive, is_large
from etl.pipeline.free_text import TextColumn
from etl.pipeline.identity import identify
from etl.pipeline.intake import Intake, Mark, write_rejected
from etl.pipeline.likeness import suggest_duplicates, write_suggestions
from etl.pipeline.listed_words import ListedWords
from etl.pipeline.open_questions import may_be_alike
from etl.pipeline.readings import look_at_other_numbers, note_day_hints
from etl.pipeline.repeats import join_repeats
from etl.pipeline.versions import number_versions
from etl.pipeline.workspace import measure_exports, open_workspace, packed_meanwhile
from etl.profiling import part, stage
from etl.readers.engine import DUCKDB, Engine
from etl.readers.exports import OpenedAhead
from etl.readers.files import INBOX, UPLOAD
from etl.recipes.codelists import load_codes
from etl.recipes.fields import PLACES, TEXT_KINDS, Kind
from etl.recipes.recipe_file import load_recipes
from etl.recipes.recognition import KnownRecipes
from etl.sqlfiles import ask, has_rows, insert_rows, run_file, run_step
from etl.steps import Step, reached
from etl.texts.folding import Folding
from etl.texts.plain import LOOK_ALIKES, QUESTION

STEPS_AFTER_ROOTS = (
    "40_latest_submissions",
    "45_report_keys",
    "50_references",
    "51_inherited_references",
    "52_rounds",
    "60_classification",
    "61_individuals",
    "65_places",
    "66_stakeholders",
    "67_person_names",
    "69_superseded",
    "69_write_themes",
    "78_number_cells",
    "78_number_columns",
    "79_report_rows",
    "79_bare_reports",
    "79_two_statuses",
    "79_targets",
    "79_kept_reports",
    "82_write_milestones",
    "82_write_results",
    "95_write_campaign",
    # Each of these computes an action from that action's rows alone: they may run action by action. After the first
    # the headline figures are there.
    "79_report_spells",
    "70_write_actions",
    "72_write_places",
    "73_write_members",
    "75_suggest_classes",
    "80_write_reports",
    "86_evidence_steps",
    # From here on actions are seen together again.
    "74_write_stakeholders",
    "74_write_traits",
    "81_write_answers",
    "83_post_rows",
    "83_post_items",
    "83_post_actions",
    "84_write_posts",
    "84_write_annotations",
    "84_missed_words",
    "85_suggest_codes",
    "85_write_unmatched",
    "85_write_settled_words",
    "86_write_decisions",
    "87_alike_sheets",
    "87_write_coverage",
    "88_write_readings",
    "89_write_columns",
    "90_write_account",
    "94_commitments",
    "94_write_criteria",
    "95_evidence_spells",
    "96_write_contacts",
)

_MARKS = {"60_classification": Mark.IDENTIFIED, "78_number_columns": Mark.CODED}
"""The marks before steps: what comes before does not depend on certain answers."""
_LISTS_BEFORE = {Mark.STAGED: {"units"}, Mark.IDENTIFIED: {"units", PLACES, "stakeholder_groups"}}
"""The lists whose words decide what comes before a mark.

A number is cut from its unit; an institution is named with its country; who is a person has an id that tells no name.
"""

PHASES = {
    "40_latest_submissions": N_("Finding the latest submission of each action"),
    "45_report_keys": N_("Matching reports to actions"),
    "60_classification": N_("Classifying actions"),
    "78_number_cells": N_("Reading numbers and days of reports"),
    "79_kept_reports": N_("Ordering the reports of each action"),
    "70_write_actions": N_("Writing actions"),
    "75_suggest_classes": N_("Suggesting classes"),
    "80_write_reports": N_("Writing reports"),
    "74_write_stakeholders": N_("Comparing actions"),
    "81_write_answers": N_("Writing answers, events and stories"),
    "84_missed_words": N_("Listing what was not understood"),
    "94_commitments": N_("Looking at commitments"),
    "95_evidence_spells": N_("Ordering the evidence"),
}
"""What a build says that it does, by the first step of each phase."""

_STEPS_OF_POSTS = ("83_post_rows", "83_post_items", "83_post_actions", "84_write_posts")

# Places of contacts outside the cells of sheets: staff's own texts, and values that reject rows.
_CLEANED_LAST = tuple(
    TextColumn(table, name)
    for table, names in (
        ("snapshot.decisions", ("this", "that", "note", "why_not")),
        ("snapshot.settled_words", ("word", "note")),
        ("snapshot.evidence_steps", ("source",)),
        ("snapshot.progress_reports", ("evidence_source",)),
        ("snapshot.context_figures", ("source",)),
        ("rejections", ("value",)),
    )
    for name in names
)


@dataclass
class Built:
    """A finished build, not yet published.

    Attributes:
        snapshot: The snapshot file, inside the build's own temporary folder.
        contacts: The private store's file, there too.
        skipped: Files left out under --skip-bad-files, with the reason.
        exports: The files it was built from (name, path), archives as such.
        fingerprints: The (name, sha256) behind the build id, of each export, in an archive of each member.
        surroundings: The hash of the inputs that its id leaves out, from `hash_surroundings`.
        is_published: Whether it is the published build, so that nothing was built and its files are in place.
    """

    build_id: str
    snapshot: Path
    contacts: Path
    is_sample: bool
    skipped: list[tuple[str, UserError]] = field(default_factory=list)
    exports: list[tuple[str, Path]] = field(default_factory=list)
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    surroundings: str = ""
    is_published: bool = False

    def dates(self) -> tuple[str, str]:
        """Return the snapshot's first and last date, ISO 8601."""
        with duckdb.connect(str(self.snapshot), read_only=True) as connection:
            row = connection.execute("select first_date::varchar, last_date::varchar from campaign").fetchone()
        assert row is not None  # noqa: S101  (the table has exactly one row)
        return row[0], row[1]


class Inputs(NamedTuple):
    """The inputs of a build, which another process can get.

    Attributes:
        exports: The files to build from (name, path).
        optional: The names of uploads: they may be left out where they cannot be used, and have stricter limits.
        skip_bad_files: Whether any file may be left out so.
    """

    folder: CampaignFolder
    exports: tuple[tuple[str, Path], ...]
    optional: frozenset[str] = frozenset()
    is_sample: bool = False
    skip_bad_files: bool = False

    def hash_unanswered(self) -> str:
        """Hash all of them but the answers of staff; an export by what the disk says of it.

        Raises:
            OSError: one is gone.
        """
        digest = hashlib.sha256(hash_surroundings(self.folder).encode())
        for name, path in self.exports:
            stat = path.stat()
            state = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            digest.update(repr((name, str(path), path.is_symlink(), name in self.optional, *state)).encode())
        staff_files = [name for name in STAFF_FILES if name not in ANSWER_FILES]
        for name, content in read_settings(self.folder, staff_files, is_sample=self.is_sample):
            digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
        return digest.hexdigest()


def _tell_nothing(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far the work is."""


@contextmanager
def build(
    folder: CampaignFolder,
    work_in: Path,
    *,
    exports: Sequence[tuple[str, Path]] | None = None,
    skip_bad_files: bool = False,
    optional: Collection[str] = (),
    engine: Engine = DUCKDB,
    progress: Progress = _tell_nothing,
    tell_figures: Callable[[dict[str, int]], object] | None = None,
) -> Iterator[Built]:
    """Build a snapshot in a temporary folder under `work_in`, which is removed on leaving.

    `work_in`: a folder on the disk that will hold the snapshot.
    `exports`: the files to build from (name, path); the inbox's (or the samples) by default.
    `skip_bad_files`: leave out files that cannot be read or that no recipe knows.
    `optional`: names of uploads: they may be left out so in any case, and have stricter limits.
    `progress`: gets (what, done, total) as work goes on.
    `tell_figures`: gets the headline figures, by their names of `FIGURES`, half way through the work.

    Raises:
        UserError: a file, recipe, codelist or the campaign cannot be used, or the account does not add up.
    """
    folder.load()
    is_sample = False
    if exports is None:
        exports, is_sample = list_exports(folder)
    inputs = Inputs(folder, tuple(exports), frozenset(optional), is_sample, skip_bad_files)
    work_in.mkdir(parents=True, exist_ok=True)
    with Scratch("work", work_in, prefix=".build-") as work:
        making = Making(inputs, Path(work), engine, progress, tell_figures)
        for _ in making.make():
            pass
        yield making.built


class Making:
    """A build under way, in a folder of its own.

    Attributes:
        work: Its folder.
        connection: To its databases, once `make` has begun.
    """

    connection: duckdb.DuckDBPyConnection

    def __init__(
        self,
        inputs: Inputs,
        work: Path,
        engine: Engine = DUCKDB,
        progress: Progress = _tell_nothing,
        tell_figures: Callable[[dict[str, int]], object] | None = None,
    ) -> None:
        """Begin with nothing; the arguments are as those of `build`."""
        self.inputs = inputs
        self.progress, self.tell_figures = progress, tell_figures
        self.engine = engine
        self.work = work
        self.built = Built("", work / "snapshot.duckdb", work / "contacts.duckdb", inputs.is_sample)

    def make(self) -> Iterator[Mark]:
        """Build; pause at each mark, where other answers of staff may come (`answer`)."""
        folder = self.inputs.folder
        campaign = self.campaign = folder.load()
        for path in folder.language_files():
            if path.suffix == CATALOGUE.suffix:
                read_catalogue(path)
        self._recipes = load_recipes(folder)
        settlements = read_column_uses(folder.columns_file, self._recipes)
        self.built.surroundings = hash_surroundings(folder)
        sizes = measure_exports(path for _, path in self.inputs.exports)
        listed_words = ListedWords(folder, campaign.offered)
        with (
            open_workspace(self.work, *sizes, listed_words) as connection,
            self.engine.working_in(self.work),
        ):
            self.connection = connection
            with stage("prepare"):
                self._fold = Folding(connection, is_defined=True)
                known_recipes = self._read_answers(settlements)
                _check_individuals(folder, campaign, connection)
                insert_rows(
                    connection, "snapshot.context_figures", read_context(folder, is_sample=self.inputs.is_sample)
                )
                self.staging = Intake(folder, connection, known_recipes, self.work, read_forgotten(folder), self.engine)
            with stage("read"):
                _read(self.staging, self.inputs, self.progress)
            yield Mark.LOADED
            with stage("stage"):
                self.staging.clean()
            yield Mark.CLEANED
            with stage("stage"):
                self._load_words()
                self.staging.stage({word.file for word in self.words if word.file})
            yield from _run_steps(self)
            with packed_meanwhile(connection):
                with stage("suggest"):
                    suggest_duplicates(connection)
                reached(Step.CHECK)
                with stage("check"):
                    run_checks(connection, campaign)
            with stage("list"):
                write_suggestions(connection)
                list_checks(connection)
            with stage("content id"):
                note_content(connection)
            has_many = is_large(connection)
        if has_many:
            with stage("derive"):
                derive(self.built.snapshot)
        self.built.skipped = self.staging.skipped
        left_out = {name for name, _ in self.built.skipped}
        self.built.exports = [(name, path) for name, path in self.inputs.exports if name not in left_out]
        self.built.fingerprints = self.staging.fingerprints

    def answer(self, inputs: Inputs, mark: Mark) -> bool:
        """Go on from a mark with inputs that differ in the answers of staff alone; return whether the work holds.

        Raises:
            UserError: an answer cannot be used.
        """
        words = self.words
        self.inputs = inputs
        known_recipes = self._read_answers(read_column_uses(inputs.folder.columns_file, self._recipes))
        if self.staging.skipped or self.staging.answer(known_recipes) < min(mark, Mark.STAGED):
            return False
        if mark >= Mark.STAGED:
            self.staging.answer_late()
            return words == self.words or (mark <= Mark.IDENTIFIED and self._change_words(words, mark))
        return True

    def _read_answers(self, settlements: Sequence[Answer]) -> KnownRecipes:
        """Read the answers and the settled words of staff."""
        folder = self.inputs.folder
        self.words: list[SettledWord] = []
        self._own_statuses: list[Code] = []
        if folder.spellings_file.exists():
            codelists = read_codelists(folder, self._fold.fold_bare)
            vocabulary = Vocabulary(codelists, self._fold)
            self.words = read_words(folder.spellings_file, vocabulary, [recipe.id for recipe in self._recipes])
            self._own_statuses = own_statuses(self.words, codelists)
        sheets, answers = read_sheet_uses(folder.sheets_file), read_answers(folder.answers_file)
        return KnownRecipes(self._recipes, self._fold, settlements, sheets, answers)

    def _load_words(self) -> None:
        """Load the settled words into the work database, beside codelists and keywords."""
        if self._own_statuses:
            load_codes(self.connection, self._own_statuses, self.campaign.offered)
            run_step(self.connection, "10_listed_spellings")
            run_step(self.connection, "10_meant_spellings")
        load_words(self.connection, self.words)

    def _change_words(self, before: Sequence[SettledWord], mark: Mark) -> bool:
        """Load other words in place of those of before; return whether the work until the mark would be the same.

        A word only decides how a cell is read, but in some lists. Words for all files also tell what a row is that may
        be none: then none of them may stand in such a row.
        """
        lists = {word.looked_up_in for word in {*before} ^ {*self.words}}
        if lists & _LISTS_BEFORE[mark]:
            return False
        files = [{word.file for word in words} - {""} for words in (before, self.words)]
        if files[0] != files[1] or any(word.based_on for word in (*before, *self.words)):
            return False
        keys = {word.key for words in (before, self.words) for word in words}
        parameters = {"words": sorted(keys)}
        if has_rows(self.connection, "odd_rows") and ask(self.connection, "odd_rows/words", parameters):
            return False
        for step in ("10_other_words", "10_meant_spellings"):
            run_step(self.connection, step, {"lists": sorted(lists)})
        load_words(self.connection, self.words)
        run_step(self.connection, "10_spellings")
        if mark == Mark.IDENTIFIED:
            resolve_cells(self.connection, self.staging.readers, self._fold, self.words, lists)
        return True


def _read(staging: Intake, inputs: Inputs, progress: Progress) -> None:
    """Read every export."""
    files = [(path, name, UPLOAD if name in inputs.optional else INBOX) for name, path in inputs.exports]
    with OpenedAhead(files) as ahead:
        for done, (path, name, limits) in enumerate(files):
            progress(name, done, len(files) + len(STEPS_AFTER_ROOTS))
            reached(Step.READ)
            may_skip = inputs.skip_bad_files or name in inputs.optional
            with part(f"file {done + 1}") as timing:  # not its name, which may say whose it is
                rows = staging.add(name, path, may_skip=may_skip, limits=limits, open_file=ahead.open)
                if timing is not None:
                    timing.count(rows)


def _check_individuals(folder: CampaignFolder, campaign: Campaign, connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a group of persons that does not exist: its members would be named."""
    groups = campaign.individuals.groups if "groups" in campaign.individuals.model_fields_set else ()
    if not groups:
        return
    codes = connection.execute("select code from codelist_codes where codelist = 'stakeholder_groups'").fetchall()
    group_codes = {code for (code,) in codes}
    for group in groups:
        if group not in group_codes:
            raise CampaignError(
                f"{folder.campaign_file}: individuals.groups: {group} is no code of stakeholder_groups.",
                f"Its codes are {', '.join(sorted(group_codes))}.",
            )


def _run_steps(making: Making) -> Iterator[Mark]:
    """Make the snapshot of the staged rows."""
    connection, staging, campaign, built = making.connection, making.staging, making.campaign, making.built
    done = len(staging.fingerprints)
    total = done + len(STEPS_AFTER_ROOTS)
    phase = N_("Looking up codes")
    making.progress(phase, done, total)
    with stage("codes"):
        staging.settle_questions()
        join_repeats(connection, staging.sheets, staging.fold)
        for step in ("06_accepted_suggestions", "20_cells"):
            run_file(connection, f"steps/{step}")
    yield Mark.STAGED
    folder = making.inputs.folder
    decisions = read_decisions(folder.decisions_file)
    with stage("codes"):
        resolve_cells(connection, staging.readers, staging.fold, making.words)
    individuals = campaign.individuals
    groups = [] if individuals.agreed_to_be_named else list(individuals.groups)
    _set_id_key(connection, folder, groups, is_sample=built.is_sample)
    with stage("identify"):
        has_versions = number_versions(connection, [(name, plan.recipe) for name, plan in staging.read_by()])
        identify(connection, decisions, has_versions=has_versions, engine=staging.engine)
    idle = _steps_without_work(staging, decisions, has_versions=has_versions)
    parameters = {
        "titles": as_map(campaign.titles),
        "languages": list(campaign.offered),
        "starts_on": campaign.start,
        "submission_deadline_on": campaign.submission_deadline,
        "action_deadline_on": campaign.action_deadline,
        "ends_on": campaign.end,
        "default_language": campaign.interface_language,
        "is_sample": built.is_sample,
        "publisher": campaign.publisher.model_dump_json(exclude={"email"}, exclude_defaults=True),
        "accepted_file": ACCEPTED_FILE,
        "salts": list(staging.forgotten.salts),
        "forgotten": list(staging.forgotten.hashes),
        "individuals": groups,
        "individual": as_map(individuals.name((*campaign.offered, SOURCE))),
        "tracking": tracking.PATTERN,
        "question": QUESTION,
        "look_alikes": LOOK_ALIKES,
        "criteria": list(criteria.CRITERIA),
        "readable_languages": list(criteria.list_readable()),
        "patterns": criteria.list_patterns(load_codelist(folder, "themes"), campaign.start, campaign.action_deadline),
    }
    with stage("make"):
        for number, step in enumerate(STEPS_AFTER_ROOTS):
            if step in _MARKS:
                yield _MARKS[step]
            if step == "95_write_campaign":
                built.build_id = build_id(making.inputs.folder, staging.fingerprints, is_sample=built.is_sample)
                parameters["build_id"] = built.build_id
            phase = PHASES.get(step, phase)
            making.progress(phase, done + number, total)
            if step not in idle:
                reached(Step.MAKE)
                staging.engine.run_step(connection, step, parameters)
            _run_between(connection, step, parameters)
            if step == "79_report_spells" and making.tell_figures is not None:
                run_file(connection, "effects/figures")
                making.tell_figures(dict(connection.execute("from figures_before").fetchall()))
        if decisions:
            run_file(connection, "steps/98_hide_decisions")
    with stage("hide"):
        staging.contacts.clean_columns(_CLEANED_LAST)
        run_file(connection, "steps/98_hide_names")
        write_rejected(connection, staging.sheets, staging.contacts)
    making.progress(N_("Looking for duplicates and odd figures"), total, total)


def _run_between(connection: duckdb.DuckDBPyConnection, step: str, parameters: dict[str, Any]) -> None:
    """Run the Python part of some of the steps."""
    if step == "78_number_cells":
        look_at_other_numbers(connection)
    if step == "79_report_rows":
        for (number,) in ask(connection, "readings/alike_reports"):
            run_file(connection, "steps/79_copied_rows", {"sheet_no": number}, raw=f"raw_{number}")
        note_day_hints(connection, {name: parameters[name] for name in ("starts_on", "ends_on")})
    if step == "94_commitments":
        run_file(connection, criteria.RULES, parameters)
    if step == "67_person_names" and has_rows(connection, "own_names"):
        run_file(connection, "steps/68_own_names")


def _set_id_key(
    connection: duckdb.DuckDBPyConnection, folder: CampaignFolder, groups: Sequence[str], *, is_sample: bool
) -> None:
    """Let SQL make ids of persons that do not reveal their names, where there are any; the sample's are fictional."""
    has_persons = (
        bool(groups)
        and connection.execute(
            "select 1 from resolved where field = 'stakeholder_group' and list_contains($groups, code) limit 1",
            {"groups": list(groups)},
        ).fetchall()
    )
    if has_persons:
        key = "sample" if is_sample else read_key(folder).decode("ascii")
        connection.execute("set variable id_key = $key", {"key": key})


def _steps_without_work(staging: Intake, decisions: Sequence[Decision], *, has_versions: bool) -> set[str]:
    """List the steps without work, as no recipe or no file has what they need."""
    sheets = staging.read_by()
    plans = [plan for _, plan in sheets]
    kinds = {plan.recipe.holds for plan in plans}
    has_posts = not kinds.isdisjoint(TEXT_KINDS) or any(decision.subject in POSTS for decision in decisions)
    work = {
        "69_superseded": has_versions,
        "52_rounds": any(plan.rounds for plan in plans),
        "79_targets": any(plan.recipe.targets for plan in plans),
        "87_alike_sheets": may_be_alike(sheets),
        **dict.fromkeys(_STEPS_OF_POSTS, has_posts),
        "84_write_annotations": Kind.ANNOTATIONS in kinds,
    }
    return {step for step, is_needed in work.items() if not is_needed}


def remove_leftovers(work_in: Path) -> None:
    """Remove the temporary folders of builds that were killed."""
    for path in work_in.glob(".build-*"):
        if is_left(path):
            shutil.rmtree(path, ignore_errors=True)
