"""x."""
import duckdb
def suggest_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Nothing yet."""
