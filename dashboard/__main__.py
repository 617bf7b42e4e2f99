"""The command line of the dashboard: some commands write files, `newsletter` and `silent` send mails."""

if __name__ == "__main__":
    from dashboard import stopping

    stopping.begin()  # before all else is loaded, which takes a second

import sys

from dashboard.paths import say_missing

if MISSING := say_missing():
    sys.exit(MISSING)

from dashboard.command_line import Program, VersionOption, in_order
from dashboard.commands import access, newsletter, proof, serve, silent, written_files
from dashboard.faults import told_at_last
from dashboard.ground.logs.begin import logged_command

COMMANDS = (
    "start",
    "serve",
    "extract",
    "chart",
    "briefing",
    "publish-public",
    "publish-embeds",
    "newsletter",
    "silent",
    "receipt",
    "proof",
    "mcp",
    "roles",
    "links",
    "hash-password",
    "sign-in-link",
    "audit",
)
"""The commands in the order of the work, as the help and the log name them."""


app = Program(cls=in_order(COMMANDS))


@app.callback()
def main(version: VersionOption = False) -> None:
    """Take figures and rows out of the published snapshot."""


for command in (
    written_files.chart,
    written_files.extract,
    written_files.briefing,
    written_files.publish_public,
    proof.receipt,
    proof.proof,
    serve.start,
    serve.serve,
    serve.mcp,
    access.hash_password,
    access.sign_in_link,
    access.audit,
):
    app.command()(command)
app.command("publish-embeds", hidden=True)(written_files.publish_public)
for name, group in {
    "newsletter": newsletter.app,
    "silent": silent.app,
    "roles": access.app,
    "links": access.links,
}.items():
    app.add_typer(group, name=name)


def run(name: str) -> None:
    """Run the program under the name that its help shows."""
    with logged_command("dashboard", COMMANDS), told_at_last():
        app(prog_name=name)


if __name__ == "__main__":
    run("python -m dashboard")
