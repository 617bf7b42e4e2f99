"""Each command of `python -m dashboard` that changes something of a campaign stands in its audit log."""

import ast

from dashboard.paths import PROJECT

RECORDING = {"acting_here", "record"}
READING = {
    "briefing", "receipt", "proof", "serve", "hash_password", "show",
    "preview", "status", "export", "list_them", "fewest", "list_links",
}  # fmt: skip
"""Commands that change nothing of a campaign."""


def read_commands():
    """Read each command with the names of all calls in its module's functions that it leads to."""
    for path in (PROJECT / "dashboard" / "commands").glob("*.py"):
        functions = {
            node.name: {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef)
        }
        tree = ast.parse(path.read_text(encoding="utf-8"))
        decorated = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
        plain = {"audit", "receipt", "proof", "hash_password", "sign_in_link", "serve"} & set(functions)
        names = {node.name for node in decorated if "app." in ast.unparse(node.decorator_list[0])} | plain
        for name in names:
            reached: set[str] = set()
            waiting = [name]
            while waiting:
                called = functions.get(waiting.pop(), set()) - reached
                reached |= called
                waiting += [one for one in called if one in functions]
            yield name, reached


def test_every_command_that_changes_something_is_recorded():
    commands = dict(read_commands())
    assert len(commands) > 15
    unrecorded = {name for name, reached in commands.items() if not reached & RECORDING}
    assert unrecorded <= READING, "record it, or say in READING that it changes nothing"
