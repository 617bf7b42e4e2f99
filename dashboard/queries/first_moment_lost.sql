-- When were entries public for the first time, where nothing that can be read says so? It is unknown.
-- Grain: one row. Parameters: none.
create or replace table first_moment as
select
    null::timestamptz as first_known,
    null::timestamptz as left_out_until,
    null::timestamptz as otherwise_at
