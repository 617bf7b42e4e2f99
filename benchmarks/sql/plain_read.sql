-- The plainest way into DuckDB: one CSV file read as DuckDB guesses it, into a table of a database file.
-- Grain: one row a row of the file.
-- Parameters: file.
select * from read_csv($file)
