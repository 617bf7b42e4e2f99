"""The change by a staff page's button is in the audit log: it reaches a command that is recorded, or records."""

import ast
from typing import Any

from dashboard.paths import PROJECT

UI = PROJECT / "dashboard" / "ui"
PLACES = [
    *(path for room in ("quality", "upload", "settings", "silent", "reports") for path in (UI / room).glob("*.py")),
    *(UI / name for name in ("actions/body.py", "audit.py", "mailing.py", "new_campaign.py")),
    *(
        UI / "pieces" / f"{name}.py"
        for name in ("rebuild", "word_choices", "open_columns", "draft_work", "report_link")
    ),
]
RECORDING = {
    "campaign_commands.record_act",
    "answer_files.decide",
    *(f"campaign_commands.{name}" for name in ("run", "start", "make_campaign")),
    "work.run",
    "work.start",
}
"""The recorders: commands of `etl` and of the newsletter record by themselves, as tests/etl/commands prove."""
UNRECORDED = {
    "change": "another part of the page is opened: the link; or the working copy of settings is changed",
    "change_page_parameter": "another part of the page is opened: the link",
    "forget": "a preview that nobody has published, or what it tries, is put away; that it was made is recorded",
    "_submit": "the working copy of settings is changed; that it is published is recorded",
    "_take_out": "a wave is taken out of the working copy of settings; that it is published is recorded",
    "_move": "as of `_take_out`, of a member of a list",
    "_remove": "as of `_take_out`, of a member of a list",
    "act": "what a `Way` hands over, which is read where that is written",
    "give_up": "changes of the working copy of settings are taken back that nobody has published",
    "stop": "a preview of settings is stopped; that it was begun is recorded",
    "cancel": "what a page hands over that shows work on a draft: `forget` or `stop`",
    "forget_refusals": "a proposal is asked for again; nothing of it is kept before the preview",
    "_tick": "reports are chosen; deciding about them is another button",
    "forget_preview": "a preview of settings is put away, its changes stay",
    "take_up": "the working copy of settings goes on in another tab",
    "discard": "changes that nobody has published are put away",
    "say_all": "answers are chosen; keeping them is another button",
    "_confirm": "what columns of a new kind are, is chosen; the preview is made by another button",
    "_say_all": "what words mean is chosen; keeping it is another button",
    "clear": "a message about others' answers is put away",
    "open_member": "a member of a list is opened, its form alone",
    "close": "a form is put away",
    "undo": "what the page hands over that shows the piece",
    "ignore": "a file is taken that the page already has",
}
"""Buttons that change nothing of a campaign, and why."""


def read_functions(nodes):
    """Read each function of the places by its name: its calls, as written."""
    functions: dict[str, set[str]] = {}
    for _, node in nodes:
        if isinstance(node, ast.FunctionDef):
            called = {ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
            # a passed function, as in `partial(keep, …)` or `_run(partial(…))`, is called as well
            called |= {ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.Attribute | ast.Name)}
            functions[node.name] = functions.get(node.name, set()) | called
    return functions


def read_buttons(nodes):
    """Yield the functions that buttons call, with the file of each."""
    for name, node in nodes:
        if not isinstance(node, ast.Call):
            continue
        keywords = {one.arg: one.value for one in node.keywords}
        value: Any = keywords.get("on_click")
        if ast.unparse(node.func) == "Way":  # a button of `settings/changes.py`
            value = node.args[3]
        elif value is not None and ast.unparse(value).endswith("guarded"):
            value = next(ast.iter_child_nodes(keywords["args"]))
        if value is not None:
            value = value.args[0] if isinstance(value, ast.Call) else value  # `partial(keep, …)`
            yield name, ast.unparse(value).strip("'").rpartition(".")[2]


def reaches(name, functions, seen):
    """Whether a function records, or calls one that does."""
    if name in seen:
        return False
    called = functions.get(name, set())
    if called & RECORDING:
        return True
    return any(reaches(one.rpartition(".")[2], functions, {*seen, name}) for one in called)


def test_every_button_that_changes_something_is_recorded():
    nodes = [(path.name, node) for path in PLACES for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    functions, buttons = read_functions(nodes), set(read_buttons(nodes))
    assert len(buttons) > 30
    unrecorded = {(file, name) for file, name in buttons if not reaches(name, functions, frozenset())}
    unknown = {(file, name) for file, name in unrecorded if name not in UNRECORDED}
    assert unknown == set(), "say in UNRECORDED why it need not be, or record it"
    assert {name for _, name in unrecorded} <= set(UNRECORDED)
