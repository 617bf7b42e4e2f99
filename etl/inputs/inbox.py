"""The files of a build: those of the inbox (else the samples), opened, recognised and fingerprinted."""

import hashlib
import os
import re
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from dashboard.campaign.codelists import KEYWORDS
from dashboard.campaign.folder import STAFF_FILES, CampaignFolder
from dashboard.campaign.sources import TABLE as SOURCES
from dashboard.errors import Sentence, UserError, sentence
from dashboard.ground.codelist_codes import CODELISTS
from dashboard.ground.files.writing import hash_file
from dashboard.i18n import N_
from dashboard.languages import SETTINGS_FILE, list_shipped
from dashboard.paths import LOCALES, PROJECT, QUERIES
from etl.inputs.forgotten import FORGOTTEN
from etl.inputs.handles import key_file
from etl.readers.archives import NamedFile
from etl.readers.exports import ExportFile, list_members, open_export
from etl.readers.files import EXTENSIONS, INBOX, Limits
from etl.readers.sheets import Sheet, on_one_line
from etl.recipes.recipe_file import Recipe
from etl.recipes.recognition import KnownRecipes, is_ignored
from etl.recipes.shapes.tools import explain_no_data
from etl.recipes.sheet_plan import SheetPlan

# Also leftovers of programs that save, copy or download.
_UNFINISHED = ("*.tmp", "*.part", "*.partial", "*.crdownload", "*.download", "*.odtmp", ".*.new")
# An e-mail address or a telephone number: no header is one, and no message shows one.
_CONTACT = re.compile(r"\S@\S|\+\d[\d ().-]{7,}\d")
_Plans = list[tuple[Sheet, SheetPlan | None]]
OpenFile = Callable[[Path, str, Limits], ExportFile]
_FORM_WIDTH = 2  # columns of a form or a legend, which lists headers below each other
_MOST_TURNED = 40  # rows that may be headers
_NOT_EXPORTS = ("readme*", ".*", "~$*", "thumbs.db", "desktop.ini", *_UNFINISHED)


class Remark(StrEnum):
    """A remark on a sheet beside the account of its rows."""

    HIDDEN = "hidden"  # it is hidden, and not read
    LEFT_OUT = "left_out"  # staff said that it is nothing
    COUNTED = "counted"  # staff said that it counts
    ROUND = "round"  # staff said that it is a round of reports about the actions of another sheet
    HIDDEN_ROWS = "hidden_rows"  # so many rows are hidden, and read like the others
    HIDDEN_COLUMNS = "hidden_columns"
    MERGED_FILLED = "merged_filled"  # so many cells of a field have the value of the merged cells that they are part of
    MERGED_BLANK = "merged_blank"  # so many are blank because they are part of merged cells


class InputError(UserError):
    """The inputs cannot be built from: nothing was published."""

    def __init__(self, what: str, remedy: str = "") -> None:
        """Keep both sentences, on one line even where a header has line ends."""
        super().__init__(on_one_line(what), on_one_line(remedy))


class UnknownExportError(InputError):
    """No recipe recognises any sheet of an export."""


@dataclass
class Input:
    """One export: a file of the inbox, or one inside a ZIP archive there.

    Attributes:
        name: Its path inside the inbox, with `/`, such as `office/forms.zip/actions.csv`: how the snapshot calls it.
        plans: The sheets with the plan that reads each; None for a sheet that no recipe reads.
        container: The export it belongs to: the text files of one archive are together one, as the sheets of a
            workbook are; else its own name.
        unread: The sheets that are not read although they hold cells, with the remark that says why.
    """

    name: str
    path: Path
    sha256: str = ""
    plans: _Plans = field(default_factory=list)
    container: str = ""
    unread: list[tuple[Sheet, Remark]] = field(default_factory=list)


def as_named(source: Input) -> NamedFile:
    """Return an export as the file that it was."""
    return NamedFile(source.name, source.path, source.container)


def list_exports(folder: CampaignFolder) -> tuple[list[tuple[str, Path]], bool]:
    """List the exports to build from, by name; return whether they are the fictional samples, too.

    Raises:
        InputError: the inbox is empty and the campaign has no samples.
    """
    for place, is_sample in ((folder.inbox, False), (folder.samples, True)):
        exports = _list_files(place, is_sample)
        if exports:
            return exports, is_sample
    raise InputError(
        f"There is nothing to build from: {folder.inbox} is empty.",
        "Copy the exports into that folder and run the build again.",
    )


def list_inbox(folder: CampaignFolder) -> list[tuple[str, Path]]:
    """List the exports in the inbox, by name; none where it is empty or not made yet."""
    return _list_files(folder.inbox, False)


def find_export(folder: CampaignFolder, file: str) -> Path:
    """Find a file by its name in a command: in the inbox, by its path, or among the samples.

    Raises:
        InputError: there is no such file.
    """
    places = (dict(list_inbox(folder)).get(file), Path(file), folder.samples / file)
    path = next((place for place in places if place is not None and place.is_file()), None)
    if path is None:
        raise InputError(f"There is no file {file} in the inbox.", "Name one that is there, or its path.")
    return path


def refuse_unknown_file(folder: CampaignFolder, name: str) -> None:
    """Refuse a file that is neither in the inbox nor may be in an archive there."""
    files = [file for file, _ in list_inbox(folder)]
    if not any(f"{name}/".startswith(f"{file}/") for file in files):
        raise InputError(f"There is no file {name} in the inbox.", f"Name one of {', '.join(files[:40]) or 'none'}.")


def _list_files(place: Path, is_sample: bool) -> list[tuple[str, Path]]:
    return [
        (path.relative_to(place).as_posix(), path)
        for path in sorted(_walk(place))
        if is_export(path, is_sample=is_sample) and not (is_sample and path.parent.name == "context")
    ]


def _walk(place: Path) -> Iterator[Path]:
    """Yield every path below a folder; skip hidden folders, and follow no links to folders."""
    try:
        paths = list(place.iterdir())
    except OSError:
        paths = []
    for path in paths:
        yield path
        if path.is_dir() and not _is_link_or_locked(path) and not _is_hidden(path):
            yield from _walk(path)


def _is_hidden(path: Path) -> bool:
    return path.name.startswith(".") or path.name.casefold() == "__macosx"


def _is_link_or_locked(path: Path) -> bool:
    """Whether a folder's content is out of sight: the walk then yields the folder, to be refused like a bad file."""
    return path.is_dir() and (path.is_symlink() or not os.access(path, os.R_OK | os.X_OK))


def leads_out(folder: CampaignFolder, path: Path) -> bool:
    """Whether a file of the inbox is a link to a file outside of it, which is not read: it may be anybody's."""
    is_link = path.is_symlink() and path.is_file() and path.is_relative_to(folder.inbox)
    return is_link and not path.resolve().is_relative_to(folder.inbox.resolve())


def refuse_link_out(folder: CampaignFolder, name: str, path: Path) -> None:
    """Refuse a file of the inbox that is a link to a file elsewhere."""
    if leads_out(folder, path):
        raise InputError(
            f"“{name}” is a link to a file outside of the inbox, which is not followed.",
            "Copy the file itself into the inbox.",
        )


@contextmanager
def open_inputs(
    name: str,
    path: Path,
    known_recipes: KnownRecipes,
    *,
    limits: Limits = INBOX,
    work: Path | None = None,
    open_file: OpenFile = open_export,
) -> Iterator[list[tuple[Input, ExportFile]]]:
    """Open a file of the inbox, or every export inside it where it is a ZIP archive, and find the recipe of each sheet.

    Text files of one archive stand together like the sheets of a workbook: where a recipe reads one of them, the
    rows of the others stay as unread. An archive is taken or refused whole.

    The archive is unpacked in `work`, until leaving; `open_file` opens an export.

    Raises:
        ReadError: something in it cannot be read.
        InputError: no recipe reads any sheet of an export.
    """
    with ExitStack() as stack:
        exports = [
            (file, stack.enter_context(open_file(file.path, file.name, limits)))
            for file in stack.enter_context(list_members(path, name, limits, work))
        ]
        yield plan_inputs(exports, known_recipes)


def plan_inputs(
    exports: Sequence[tuple[NamedFile, ExportFile]], known_recipes: KnownRecipes
) -> list[tuple[Input, ExportFile]]:
    """Find the recipe of each sheet of the exports that a file of the inbox holds; they may be closed already.

    Raises:
        InputError: as `open_inputs`.
    """
    entries = [(file, export, _recognise(file, export, known_recipes)) for file, export in exports]
    recognised = {file.container for file, _, plans in entries if any(plan for _, plan in plans)}
    for file, export, plans in entries:
        if file.container not in recognised:
            _refuse_on_its_side(file.name, [sheet for sheet, _ in plans], known_recipes)
            raise UnknownExportError(
                _unknown(file.name, plans), _unknown_remedy(file.name, plans, _unread(export, known_recipes))
            )
    used_recipes = [plan.recipe for *_, plans in entries for _, plan in plans if plan is not None]
    return [
        (
            Input(
                file.name,
                file.path,
                export.sha256,
                _leave_out(file, plans, used_recipes),
                file.container,
                _unread(export, known_recipes),
            ),
            export,
        )
        for file, export, plans in entries
    ]


def _recognise(file: NamedFile, export: ExportFile, known_recipes: KnownRecipes) -> _Plans:
    unread = [sheet for sheet, _ in _unread(export, known_recipes)]
    plans = [
        (sheet, known_recipes.plan(file.name, sheet))
        for sheet in export.sheets
        if any(map(any, sheet.preview)) and sheet not in unread
    ]
    return [(sheet, known_recipes.plan_beside(file.name, sheet, plan, plans)) for sheet, plan in plans]


def _unread(export: ExportFile, known_recipes: KnownRecipes) -> list[tuple[Sheet, Remark]]:
    """List the sheets that are hidden, or that staff marked as not used."""
    return [
        (sheet, Remark.LEFT_OUT if known_recipes.is_left_out(export.name, sheet) else Remark.HIDDEN)
        for sheet in export.sheets
        if any(map(any, sheet.preview)) and (not sheet.visible or known_recipes.is_left_out(export.name, sheet))
    ]


def _leave_out(file: NamedFile, plans: _Plans, used_recipes: Sequence[Recipe]) -> _Plans:
    """Leave out the sheets that a recipe ignores; a text file of an archive goes by its name there."""
    return [
        (sheet, plan)
        for sheet, plan in plans
        if plan is not None or not is_ignored(replace(sheet, name=sheet.name or Path(file.name).stem), used_recipes)
    ]


def build_id(folder: CampaignFolder, inputs: Iterable[tuple[str, str]], *, is_sample: bool) -> str:
    """Return the build's content hash: of the inputs (name, sha256), the campaign's files and the building program."""
    digest = hashlib.sha256(b"sample" if is_sample else b"inbox")
    for name, sha256 in sorted(inputs):
        digest.update(f"{name}\0{sha256}\0".encode())
    digest.update(hash_program())
    for name, content in read_settings(folder, STAFF_FILES, is_sample=is_sample):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:16]


def read_settings(
    folder: CampaignFolder, staff_files: Iterable[str], *, is_sample: bool
) -> Iterator[tuple[str, bytes]]:
    """Read the files of the campaign that a build depends on, by name, with these ones of staff's answers."""
    shipped = folder.shipped  # its codelists and known headers fill the gaps of the campaign's
    codelists = [place.codelist_file(name) for name in (*CODELISTS, KEYWORDS) for place in (folder, shipped)]
    lists = [*codelists, *folder.recipe_files(), *folder.language_files(), shipped.headers_file]
    decision_files = [*map(folder.staff_file, staff_files), key_file(folder)]
    decided = [path for path in decision_files if path.is_file()]
    campaign_file = folder.campaign_file
    for path in [campaign_file, *lists, *decided, *folder.list_context(is_sample=is_sample)]:
        content = path.read_bytes()
        yield path.name, _without_sources(content) if path == campaign_file else content


def _without_sources(content: bytes) -> bytes:
    """Return `campaign.toml` without the sources of exports: they change no figure; without any it stays itself.

    The rest is the file as it would be without any source, so that adding, changing or removing one makes no build and
    overtakes no draft.
    """
    if b"source" not in content:
        return content
    from tomlkit import dumps, parse  # for those who have sources
    from tomlkit.exceptions import TOMLKitError

    try:
        document = parse(content.decode("utf-8-sig"))
        document.pop(SOURCES)
    except (TOMLKitError, UnicodeDecodeError, KeyError):  # it has none, or loading the campaign reports the fault
        return content
    return (dumps(document).rstrip("\r\n") + ("\r\n" if b"\r\n" in content else "\n")).encode()


@cache
def hash_program() -> bytes:
    """Hash the program as this process runs it: an update while a build is under way belongs to the next one."""
    digest = hashlib.sha256()
    program = [*(PROJECT / "etl").rglob("*.py"), *(PROJECT / "etl").rglob("*.sql"), QUERIES / "fold.sql"]
    program += LOCALES.glob(f"*/{SETTINGS_FILE}")
    digest.update(" ".join(list_shipped()).encode())
    for path in sorted(program, key=lambda path: path.relative_to(PROJECT).as_posix()):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.digest()


def hash_surroundings(folder: CampaignFolder) -> str:
    """Hash the dependencies of a build that its id leaves out: Python, the libraries, the list of the forgotten."""
    forgotten = folder.private / FORGOTTEN
    texts = (*_list_libraries(), hash_file(forgotten) if forgotten.is_file() else "")
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _list_libraries() -> tuple[str, ...]:
    """List the version of Python, and of every library that is installed beside the program."""
    place = Path(sysconfig.get_path("purelib"))
    return (sysconfig.get_python_version(), *sorted(path.name for path in place.glob("*.dist-info")))


def is_unfinished(path: Path) -> bool:
    """Whether a file is a leftover of programs that save, copy or download: another will take its place."""
    return any(fnmatchcase(path.name.casefold(), pattern) for pattern in _UNFINISHED)


def is_export(path: Path, *, is_sample: bool = False) -> bool:
    """Whether to read a file of the inbox; among the samples, only one that looks like an export."""
    if any(fnmatchcase(path.name.casefold(), pattern) for pattern in _NOT_EXPORTS):
        return False
    if _is_link_or_locked(path):
        return True
    if is_sample:
        return path.is_file() and path.suffix.lower() in EXTENSIONS
    return path.is_file() or path.suffix.lower() in EXTENSIONS


def _unknown(name: str, plans: _Plans) -> str:
    if not plans:
        return sentence(N_("{name} holds no rows that are read."), name=name)
    explained = explain_no_data(name, [sheet for sheet, _ in plans])
    if explained:
        return explained[0]
    sheet = plans[0][0]
    first = next((row for row in sheet.preview if any(row)), ())
    if any(_CONTACT.search(cell) for cell in first if cell):
        return sentence(
            N_("No recipe recognises {name}. Its first line holds data of persons, so it seems to have no headers."),
            name=name,
        )
    headers = ", ".join(cell for cell in first if cell)
    return sentence(_FIRST_LINE, name=name, headers=headers[:300])


def _refuse_on_its_side(name: str, sheets: Iterable[Sheet], known_recipes: KnownRecipes) -> None:
    """Refuse a sheet that a recipe would know if its rows were its columns."""
    for sheet in sheets:
        turned = tuple(zip(*sheet.preview[:_MOST_TURNED], strict=True))
        if sheet.width > _FORM_WIDTH and known_recipes.recognise(name, Sheet(sheet.name, len(turned[0]), turned)):
            raise InputError(
                sentence(
                    N_(
                        "The table in {name} is sideways: headers in the first column, one action in each of the "
                        "others."
                    ),
                    name=name,
                ),
                N_(
                    "Transpose it (Excel: Copy, Paste Special, Transpose), so that each action is a row, and save "
                    "the file."
                ),
            )


_FIRST_LINE = N_("No recipe recognises {name}. Its first line reads: {headers}.")


def leave_out_first_lines(what: str) -> str:
    """Return a refusal without the first lines of files, for those who named a place and may not read its files."""
    if not isinstance(what, Sentence):
        return what
    if what.template == _FIRST_LINE:
        return sentence(N_("No recipe recognises {name}."), name=what.values["name"])
    values = {
        name: leave_out_first_lines(value) if isinstance(value, str) else value for name, value in what.values.items()
    }
    return Sentence(what.template, values)


def _unknown_remedy(name: str, plans: _Plans, unread: Sequence[tuple[Sheet, Remark]]) -> str:
    hidden = [f"“{sheet.name}”" for sheet, remark in unread if remark is Remark.HIDDEN]
    if hidden:
        return sentence(
            N_("Its hidden sheets are not read ({sheets}): show the one that counts, and save the file."),
            sheets=", ".join(hidden),
        )
    if unread:
        return N_("sheets.csv says that its other sheets are nothing: take that back, or the file out of the inbox.")
    if not plans:
        return N_("Export it again, or take it out of the inbox.")
    explained = explain_no_data(name, [sheet for sheet, _ in plans])
    if explained:
        return explained[1]
    return N_(
        "Have one proposed (python -m etl recipe FILE) and check it, or leave the file out "
        "(--skip-bad-files leaves out every such file)."
    )
