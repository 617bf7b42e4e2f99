-- Which tables does a snapshot hold, by their full names?
select format('held."{}"."{}"', schema_name, table_name) as full_name
from duckdb_tables()
where database_name = 'held';
