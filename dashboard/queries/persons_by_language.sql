-- Does the snapshot have what stands for persons' names by language, where it has it at all?
-- Grain: one row, or none. Parameters: none.
select 1
where
    not exists (from duckdb_tables() where database_name = 'snapshot' and table_name = 'person_names')
    or exists (
        from duckdb_columns()
        where database_name = 'snapshot' and table_name = 'person_names' and column_name = 'names'
    )
