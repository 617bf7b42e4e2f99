"""Bring the catalogues into step with the source: new texts are added empty, obsolete ones go.

Run it with `python -m dashboard.locales.update`; it prints what is left to translate. Messages are read
from the syntax tree, because Babel's own reader sees neither texts inside f-strings nor pairs whose two
forms are marked with `N_` each.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from dashboard.paths import LOCALES, PROJECT

Message = str | tuple[str, str]
Text = str | tuple[str, ...]


def find_messages() -> dict[str, Message]:
    """Every message of the pages and of `dashboard`, by its (singular) English text."""
    files = [PROJECT / "app.py", *(PROJECT / "pages").glob("*.py"), *(PROJECT / "dashboard").rglob("*.py")]
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
    with path.open("rb") as handle:
        catalogue = read_po(handle, locale=path.parent.parent.name)
    return {
        (entry.id if isinstance(entry.id, str) else entry.id[0]): (
            entry.string if isinstance(entry.string, str) else tuple(entry.string or ())
        )
        for entry in catalogue
        if entry.id and not entry.fuzzy
    }


def write_catalogue(path: Path, messages: dict[str, Message], translations: dict[str, Text]) -> list[str]:
    """Rewrite one `.po` file for these messages; gives the ones that have no translation yet."""
    language = path.parent.parent.name
    catalogue = Catalog(locale=language, fuzzy=False)
    missing = []
    for one, message in sorted(messages.items()):
        text = translations.get(one, "")
        empty: Text = "" if isinstance(message, str) else ("",) * catalogue.num_plurals
        catalogue.add(message, text if isinstance(text, str) == isinstance(message, str) else empty)
        if not text or isinstance(text, str) != isinstance(message, str) or not all(text):
            missing.append(one)
    entries = io.BytesIO()
    write_po(entries, catalogue, width=110, omit_header=True)
    # A header without dates and names, so that the file changes only when a text does.
    header = HEADER.format(language=language, plural_forms=catalogue.plural_forms)
    path.write_bytes(header.encode() + entries.getvalue())
    return missing


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


def main() -> int:
    """Update every catalogue; 1 when something is left to translate."""
    messages = find_messages()
    is_complete = True
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/dashboard.po")):
        missing = write_catalogue(path, messages, read_translations(path))
        is_complete = is_complete and not missing
        print(f"{path.relative_to(PROJECT)}: {len(messages)} texts, {len(missing)} to translate")
        for text in missing:
            print(f"  {text}")
    return 0 if is_complete else 1


if __name__ == "__main__":
    sys.exit(main())
