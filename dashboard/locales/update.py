"""Bring the catalogues into step with the source: new texts are added empty, obsolete ones go.

    python -m dashboard.locales.update [--campaign DIR]           every catalogue; prints what is left to translate
    python -m dashboard.locales.update --check [--campaign DIR]   changes nothing; says how far each language is
    python -m dashboard.locales.update --add pt --campaign DIR    an empty catalogue of another language

With a campaign it is the catalogues of that folder (`DIR/locales`), else the program's own. Messages are read from the
syntax tree, because Babel's own reader sees neither texts inside f-strings nor pairs whose two forms are marked with
`N_` each. Translators read beside each text its files (`#:`), and the purpose of the first of them (`#.`).
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from dashboard.errors import CONTEXT, UserError
from dashboard.i18n import Message, Text, is_usable, name_entry, open_catalogue
from dashboard.languages import CATALOGUE, is_language, name_language
from dashboard.paths import LOCALES, PROJECT


class State(NamedTuple):
    """The state of a catalogue: the number of texts, those without a translation, and those that readers never see."""

    texts: int
    missing: list[str]
    unusable: list[str]

    @property
    def percent(self) -> int:
        """The percentage of texts that readers see translated; 100 for all of them alone."""
        return 100 * (self.texts - len(self.missing) - len(self.unusable)) // max(1, self.texts)


class Place(NamedTuple):
    """The places of a message: the message, the files that contain it, and the purpose of the first of these."""

    message: Message
    files: tuple[str, ...]
    purpose: str


def find_places() -> dict[str, Place]:
    """Find every message of the pages, of `dashboard` and of `etl` on pages, by its (singular) English text.

    Files that draw pages stand before those that only declare a text.
    """
    rooms = [PROJECT / "dashboard", PROJECT / "etl"]
    files = [
        PROJECT / "app.py",
        *(PROJECT / "pages").glob("*.py"),
        *(path for room in rooms for path in room.rglob("*.py")),
    ]
    places: dict[str, Place] = {}
    for path in sorted(files, key=lambda path: ("ui" not in path.parts, path)):
        program = ast.parse(path.read_text(encoding="utf-8"))
        purpose = _read_purpose(program)
        for message in read_messages(program):
            one = message if isinstance(message, str) else message[0]
            before = places.get(one, Place(message, (), purpose))
            is_pair = isinstance(before.message, tuple)
            file = path.relative_to(PROJECT).as_posix()
            files_of_message = tuple(dict.fromkeys((*before.files, file)))
            places[one] = Place(before.message if is_pair else message, files_of_message, before.purpose)
    return places


def _read_purpose(program: ast.Module) -> str:
    """Read the first sentence of a file's docstring, without marks for code."""
    docstring = ast.get_docstring(program) or ""
    return " ".join(docstring.partition("\n\n")[0].split()).replace("`", "")


def read_messages(program: ast.Module) -> Iterator[Message]:
    """Read the messages of one parsed Python file: `t("…")`, `N_("…")`, and the pairs of `t.plural("…", "…", n)`.

    Include the context of one that has it, `N_("…", "…")`, as it is shown.
    """
    calls = [node for node in ast.walk(program) if isinstance(node, ast.Call)]
    paired: set[ast.AST] = set()
    for call in (call for call in calls if _name(call) == "plural"):
        one, many = (_text(argument) for argument in call.args[:2])
        if one is not None and many is not None:
            paired.update(call.args[:2])
            yield one, many
    for call in (call for call in calls if _name(call) in ("t", "N_") and call not in paired and call.args):
        argument = call.args[0]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            contexts = [_text(argument_node) for argument_node in call.args[1:2]] if _name(call) == "N_" else []
            yield CONTEXT.join([*filter(None, contexts), argument.value])


def read_translations(path: Path) -> dict[str, Text]:
    """Read the translations of one `.po` file, by English text; entries marked fuzzy are not translations."""
    return {one: text for one, (text, is_fuzzy, _) in _read_entries(open_catalogue(path)).items() if not is_fuzzy}


def check_catalogue(path: Path, messages: Mapping[str, Message]) -> State:
    """Compare a `.po` file with these messages.

    Raises:
        CampaignError: the file cannot be read.
    """
    catalogue = open_catalogue(path)
    entries = _read_entries(catalogue)
    missing, unusable = [], []
    for one, message in sorted(messages.items()):
        text, is_fuzzy, _ = entries.get(one, ("", False, ()))
        if not "".join(text):
            missing.append(one)
        elif is_fuzzy or not is_usable(message, text, catalogue.num_plurals):
            unusable.append(one)
    return State(len(messages), missing, unusable)


def write_catalogue(
    path: Path,
    messages: Mapping[str, Message],
    translations: Mapping[str, Text],
    places: Mapping[str, Place] | None = None,
) -> list[str]:
    """Rewrite one `.po` file for these messages, with their places; return those without a translation.

    The file decides how the language counts, else general knowledge of it; entries marked fuzzy and the notes of
    translators beside a text stay.
    """
    language = path.parent.parent.name
    before = open_catalogue(path) if path.is_file() else Catalog(locale=language)
    catalogue = Catalog(locale=language, fuzzy=False)
    entries, plurals = _read_entries(before), before.num_plurals
    missing = []
    for one, message in sorted(messages.items()):
        context, _, text_id = one.rpartition(CONTEXT)
        files, purpose = (places or {}).get(one, Place(message, (), ""))[1:]
        old, is_fuzzy, comments = entries.get(one, ("", False, ()))
        text = old if is_fuzzy else translations.get(one, "")
        is_whole = bool(text) and isinstance(text, str) == isinstance(message, str) and all(text)
        empty: Text = "" if isinstance(message, str) else ("",) * plurals
        catalogue.add(
            text_id if isinstance(message, str) else message,
            text if isinstance(text, str) == isinstance(message, str) else empty,
            locations=[(file, 0) for file in files],
            flags=("fuzzy",) if is_fuzzy else (),
            auto_comments=[purpose] if purpose else [],
            user_comments=comments,
            context=context or None,
        )
        if not is_whole:
            missing.append(one)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, omit_header=True)
    # A header without dates and names, so that the file changes only when a text does.
    header = HEADER.format(language=language, plural_forms=before.plural_forms)
    path.write_bytes(header.encode() + buffer.getvalue())
    return missing


def add_catalogue(
    folder: Path, lang: str, messages: Mapping[str, Message], places: Mapping[str, Place] | None = None
) -> Path:
    """Make an empty catalogue of another language in a folder of languages; return the file.

    Raises:
        UserError: there is no such language, or it has a catalogue there.
    """
    if not is_language(lang):
        raise UserError(f"{lang} is not the code of a language.", "Use two or three small letters, such as pt or ar.")
    path = folder / lang / CATALOGUE
    if path.exists():
        raise UserError(f"{path} is there already.", "Leave --add out to bring it up to date.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_catalogue(path, messages, {}, places)
    return path


def _read_entries(catalogue: Catalog) -> dict[str, tuple[Text, bool, tuple[str, ...]]]:
    """Read each translation by its English text, whether it is marked fuzzy, and the notes of translators."""
    return {
        name_entry(entry): (
            entry.string if isinstance(entry.string, str) else tuple(entry.string or ()),
            entry.fuzzy,
            tuple(entry.user_comments),
        )
        for entry in catalogue
        if entry.id
    }


HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""


def _name(call: ast.Call) -> str:
    """Return the last part of the name called: `plural` for `view.t.plural`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.AST) -> str | None:
    """Return the text of a literal, marked with `N_` or not."""
    if isinstance(node, ast.Call) and _name(node) == "N_" and node.args:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def main(
    campaign: Annotated[
        Path | None, typer.Option("--campaign", metavar="DIR", help="The languages of this campaign folder.")
    ] = None,
    add: Annotated[str, typer.Option("--add", metavar="CODE", help="Begin another language, such as pt.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Change nothing; say how far each language is.")] = False,
) -> None:
    """Bring the catalogues up to date, or check them; ends with 1 where something is left to translate."""
    folder, places = campaign / "locales" if campaign else LOCALES, find_places()
    messages = {one: place.message for one, place in places.items()}
    try:
        if add:
            print(f"{add_catalogue(folder, add, messages, places)}: {len(messages)} texts to translate")
            return
        paths = sorted(path for path in folder.glob(f"*/{CATALOGUE}") if is_language(path.parent.parent.name))
        if not paths:
            raise UserError(f"There is no language in {folder}.", "Begin one with --add CODE.")
        if not check:
            for path in paths:
                write_catalogue(path, messages, read_translations(path), places)
        states = {path: check_catalogue(path, messages) for path in paths}
    except UserError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    for path, state in states.items():
        _print(path, state)
    if any(state.missing or state.unusable for state in states.values()):
        raise typer.Exit(1)


def _print(path: Path, state: State) -> None:
    short_path = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
    name = name_language(path.parent.parent.name)
    print(f"{short_path} ({name}): {state.texts} texts, {state.percent}% done, {len(state.missing)} to translate")
    for text in state.missing:
        print(f"  {text}")
    for text in state.unusable:
        print(f"  not used (fuzzy, a plural form is missing, or other placeholders): {text}")


if __name__ == "__main__":
    typer.run(main)
