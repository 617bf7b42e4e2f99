"""Rows worked through by Spark: shares of a sheet in partitions, each with a DuckDB of its own."""
