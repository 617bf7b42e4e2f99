"""What a task does with a bucket of keys: it takes its rows, runs steps of the build, and writes what they fill."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import duckdb

from etl.spark.keyed_steps import KeyedSteps
from etl.spark.pieces import BUCKET, Gathered, Piece, gather
from etl.spark.shares import Made, open_database, read_all, take_needs, write_table
from etl.sqlfiles import run_step


class BucketSetting(NamedTuple):
    """What all tasks of a job share.

    Attributes:
        keyed: The steps.
        parameters: What they are given.
        folder: Where all tasks read and write.
        needs: The tables that each bucket gets the whole of, with their files.
        shapes: A file of each table that the bucket gets rows of, for its columns: there may be no rows.
    """

    keyed: KeyedSteps
    parameters: dict[str, Any]
    folder: str
    needs: tuple[tuple[str, str], ...]
    shapes: tuple[tuple[str, str], ...] = ()


class Filled(NamedTuple):
    """What a bucket gave.

    Attributes:
        tables: Its tables: those that steps filled, and those that stay there.
        gathered: What had come to it.
    """

    tables: list[Made]
    gathered: Gathered | None = None


def work_bucket(setting: BucketSetting, bucket: int, pieces: Iterable[Piece]) -> Filled:
    """Put together what came for a bucket, and run the steps on it."""
    with open_database() as (_, connection):
        take_needs(connection, setting.needs)
        for table, file in setting.shapes:
            shape = f"select * exclude ({BUCKET}) from {read_all([file])} limit 0"  # noqa: S608  (our own files)
            connection.execute(f"create table if not exists {table} as {shape}")
        gathered = gather(connection, pieces)
        return Filled(_run(connection, setting), gathered)


def work_again(setting: BucketSetting, tables: tuple[Made, ...]) -> Filled:
    """Run steps on what earlier ones left in a bucket."""
    with open_database() as (_, connection):
        take_needs(connection, [*setting.needs, *((one.table, one.file) for one in tables)])
        return Filled(_run(connection, setting))


def _run(connection: duckdb.DuckDBPyConnection, setting: BucketSetting) -> list[Made]:
    for step in setting.keyed.steps:
        run_step(connection, step, setting.parameters)
    tables = dict.fromkeys((*setting.keyed.fills, *setting.keyed.leaves))
    return [write_table(connection, table, setting.folder) for table in tables]
