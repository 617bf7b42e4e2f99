"""The ETL's command line: `python -m etl build | check | …`, one module of `etl.commands` each."""

import typer

from etl.commands.build import build
from etl.commands.check import check

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Exports → snapshot."
)
for command in (build, check):
    app.command()(command)


if __name__ == "__main__":
    app(prog_name="python -m etl")
