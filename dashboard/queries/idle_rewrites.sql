-- Which rewrites of plans may be left out for few rows, since they take longer than they save? All but those that keep
-- a statement from doing more work than it must, also over few rows.
-- Grain: one row: their names.
-- Parameters: none.
select string_agg(name, ',' order by name) as names
from duckdb_optimizers()
where name not in ('filter_pushdown', 'limit_pushdown', 'top_n', 'deliminator', 'in_clause')
