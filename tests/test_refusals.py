"""The refusals of pages appear in every language: no sentence is written where the catalogues do not find it."""

import ast
from functools import cache

from dashboard.languages import CATALOGUE
from dashboard.locales.update import read_messages, read_translations
from dashboard.paths import LOCALES, PROJECT

ROOMS = ("dashboard/campaign", "etl/recipes", "etl/readers", "etl/sources")
MODULES = (
    "dashboard/campaign/copies/object_store.py",
    "dashboard/faults.py",
    "dashboard/file_faults.py",
    "dashboard/i18n.py",
    "dashboard/languages.py",
    "dashboard/outbound.py",
    "etl/pipeline/checks.py",
    "etl/pipeline/column_uses.py",
    "etl/pipeline/open_questions.py",
    "etl/commands/new.py",
    "etl/commands/watch.py",
    "etl/recipes/shapes/tools.py",
)
FILES = [PROJECT / name for name in MODULES] + [
    path for room in ROOMS for path in sorted((PROJECT / room).glob("*.py"))
]
NO_PAGE = {
    "has been changed by somebody else",
    "is in use",
    "Try again in a minute.",
    "cannot be used",
    "Correct its name",
    "{variable} names {name}",
    "is no address of a proxy",
    "DASHBOARD_CA_FILE names",
    "is no value of a phrase.",
    "does not say -- severity",
}
"""Faults in the code of a builder, in the operator's settings, in the program: no page shows these."""


def list_literals(program: ast.Module) -> list[str]:
    """List the literal texts of errors, which no catalogue has; leave out those in variables."""
    calls = [node for node in ast.walk(program) if isinstance(node, ast.Call)]
    errors = [call for call in calls if getattr(call.func, "id", "").removeprefix("OSError").endswith("Error")]
    texts = [text for call in errors for argument in call.args for text in find_texts(argument)]
    return [ast.unparse(text) for text in texts]


def find_texts(given: ast.AST) -> list[ast.AST]:
    """Find the texts in the arguments of an error, except those that are marked."""
    if isinstance(given, ast.JoinedStr):
        return [given]
    if isinstance(given, ast.Constant):
        return [given] if isinstance(given.value, str) and " " in given.value else []
    if isinstance(given, ast.IfExp):
        return [*find_texts(given.body), *find_texts(given.orelse)]
    if isinstance(given, ast.BinOp):
        return [*find_texts(given.left), *find_texts(given.right)]
    return []


def test_every_sentence_of_a_refusal_is_in_the_catalogues():
    for path in FILES:
        program = ast.parse(path.read_text(encoding="utf-8"))
        assert [said for said in list_literals(program) if not any(word in said for word in NO_PAGE)] == [], path
        said = [message for message in read_messages(program) if isinstance(message, str)]
        for lang in ("fr", "es"):
            assert [message for message in said if not translations(lang).get(message)] == [], (path, lang)


@cache
def translations(lang):
    return read_translations(LOCALES / lang / CATALOGUE)
