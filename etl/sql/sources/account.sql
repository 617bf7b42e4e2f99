-- What became of the rows of some files together?
-- Grain: one row.
-- Parameters: files.
select
    coalesce(sum(rows_read), 0)::bigint,
    coalesce(sum(rows_accepted), 0)::bigint,
    coalesce(sum(rows_merged), 0)::bigint,
    coalesce(sum(rows_rejected), 0)::bigint
from snapshot.input_files
where list_contains($files::varchar[], source_file);
