"""Bring the catalogues into step with the source: new texts are added empty, obsolete ones go.

    python -m dashboard.locales.update [--campaign DIR]           every catalogue; prints what is left to translate
    python -m dashboard.locales.update --check [--campaign DIR]   changes nothing; says how far each language is
    python -m dashboard.locales.update --add pt --campaign DIR    an empty catalogue of another language

With a campaign it is the catalogues of that folder (`DIR/locales`), else the program's own. Messages are read from the
syntax tree, because Babel's own reader sees neither texts inside f-strings nor pairs whose two forms are marked with
`N_` each.
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

from dashboard.errors import UserError
from dashboard.i18n import Message, Text, is_usable, open_catalogue
from dashboard.languages import CATALOGUE, is_language, name_language
from dashboard.paths import LOCALES, PROJECT


class State(NamedTuple):
    """How far a catalogue is: how many texts there are, which are not translated, and which so that nobody sees it."""

    texts: int
    missing: list[str]
    unusable: list[str]

    @property
    def percent(self) -> int:
        """How many of a hundred texts readers see translated; 100 for all of them alone."""
        return 100 * (self.texts - len(self.missing) - len(self.unusable)) // max(1, self.texts)


def find_messages() -> dict[str, Message]:
    """Every message of the pages, of `dashboard` and of what `etl` says on pages, by its (singular) English text."""
    rooms = [PROJECT / "dashboard", PROJECT / "etl"]
    files = [
        PROJECT / "app.py",
        *(PROJECT / "pages").glob("*.py"),
        *(path for room in rooms for path in room.rglob("*.py")),
    ]
    messages: dict[str, Message] = {}
    for path in sorted(files):
        for message in read_messages(path.read_text(encoding="utf-8")):
            one = message if isinstance(message, str) else message[0]
            if not (isinstance(message, str) and one in messages):
                messages[one] = message
    return messages


def read_messages(source: str) -> Iterator[Message]:
    """The messages of one Python file: `t("…")`, `N_("…")`, and the pairs of `t.plural("…", "…", n)`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    paired: set[ast.AST] = set()
    for call in (call for call in calls if _name(call) == "plural"):
        one, many = (_text(argument) for argument in call.args[:2])
        if one is not None and many is not None:
            paired.update(call.args[:2])
            yield one, many
    for call in (call for call in calls if _name(call) in ("t", "N_") and call not in paired and call.args):
        argument = call.args[0]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


def read_translations(path: Path) -> dict[str, Text]:
    """What one `.po` file translates, by English text; entries marked fuzzy are not translations."""
    return {one: text for one, (text, is_fuzzy, _) in _read_entries(open_catalogue(path)).items() if not is_fuzzy}


def check_catalogue(path: Path, messages: Mapping[str, Message]) -> State:
    """How far a `.po` file is for these messages.

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


def write_catalogue(path: Path, messages: Mapping[str, Message], translations: Mapping[str, Text]) -> list[str]:
    """Rewrite one `.po` file for these messages; gives the ones that have no translation yet.

    How the language counts is what the file says, else what is generally known of it; what is marked fuzzy and what
    translators noted beside a text stays.
    """
    language = path.parent.parent.name
    before = open_catalogue(path) if path.is_file() else Catalog(locale=language)
    catalogue = Catalog(locale=language, fuzzy=False)
    entries, plurals = _read_entries(before), before.num_plurals
    missing = []
    for one, message in sorted(messages.items()):
        old, is_fuzzy, comments = entries.get(one, ("", False, ()))
        text = old if is_fuzzy else translations.get(one, "")
        is_whole = bool(text) and isinstance(text, str) == isinstance(message, str) and all(text)
        empty: Text = "" if isinstance(message, str) else ("",) * plurals
        catalogue.add(
            message,
            text if isinstance(text, str) == isinstance(message, str) else empty,
            flags=("fuzzy",) if is_fuzzy else (),
            user_comments=comments,
        )
        if not is_whole:
            missing.append(one)
    written = io.BytesIO()
    write_po(written, catalogue, width=110, omit_header=True)
    # A header without dates and names, so that the file changes only when a text does.
    header = HEADER.format(language=language, plural_forms=before.plural_forms)
    path.write_bytes(header.encode() + written.getvalue())
    return missing


def add_catalogue(place: Path, lang: str, messages: Mapping[str, Message]) -> Path:
    """An empty catalogue of another language in a folder of languages; gives the file.

    Raises:
        UserError: there is no such language, or it has a catalogue there.
    """
    if not is_language(lang):
        raise UserError(f"{lang} is not the code of a language.", "Use two or three small letters, such as pt or ar.")
    path = place / lang / CATALOGUE
    if path.exists():
        raise UserError(f"{path} is there already.", "Leave --add out to bring it up to date.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_catalogue(path, messages, {})
    return path


def _read_entries(catalogue: Catalog) -> dict[str, tuple[Text, bool, tuple[str, ...]]]:
    """Each translation by its English text, whether it is marked fuzzy, and what translators noted."""
    return {
        (entry.id if isinstance(entry.id, str) else entry.id[0]): (
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
    """The last part of what is called: `plural` for `view.t.plural`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.AST) -> str | None:
    """The text of a literal, marked with `N_` or not."""
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
    place, messages = campaign / "locales" if campaign else LOCALES, find_messages()
    try:
        if add:
            print(f"{add_catalogue(place, add, messages)}: {len(messages)} texts to translate")
            return
        paths = sorted(path for path in place.glob(f"*/{CATALOGUE}") if is_language(path.parent.parent.name))
        if not paths:
            raise UserError(f"There is no language in {place}.", "Begin one with --add CODE.")
        states = {path: _update_or_check(path, messages, is_check=check) for path in paths}
    except UserError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    for path, state in states.items():
        _print(path, state)
    if any(state.missing or state.unusable for state in states.values()):
        raise typer.Exit(1)


def _update_or_check(path: Path, messages: Mapping[str, Message], *, is_check: bool) -> State:
    if not is_check:
        write_catalogue(path, messages, read_translations(path))
    return check_catalogue(path, messages)


def _print(path: Path, state: State) -> None:
    shown = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path
    name = name_language(path.parent.parent.name)
    print(f"{shown} ({name}): {state.texts} texts, {state.percent}% done, {len(state.missing)} to translate")
    for text in state.missing:
        print(f"  {text}")
    for text in state.unusable:
        print(f"  not used (fuzzy, a plural form is missing, or other placeholders): {text}")


if __name__ == "__main__":
    typer.run(main)
