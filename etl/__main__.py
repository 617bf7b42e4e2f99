"""The ETL's command line: `python -m etl build | check | …`, one module of `etl.commands` each."""

import typer

from etl.commands.build import build
from etl.commands.check import check
from etl.commands.classify import classify
from etl.commands.decide import decide
from etl.commands.draft import discard_draft, draft, publish_draft
from etl.commands.forget import forget
from etl.commands.history import history, restore
from etl.commands.recipe import recipe
from etl.commands.row import row
from etl.commands.watch import watch

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Exports → snapshot."
)
for command in (
    build,
    check,
    classify,
    decide,
    draft,
    publish_draft,
    discard_draft,
    history,
    recipe,
    restore,
    row,
    forget,
    watch,
):
    app.command()(command)


if __name__ == "__main__":
    app(prog_name="python -m etl")
