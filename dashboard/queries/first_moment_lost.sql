-- When were entries first public, where no readable file states it? It is unknown.
-- Grain: one row. Parameters: none.
create or replace table first_moment as
select
    null::timestamptz as first_known,
    null::timestamptz as left_out_until,
    null::timestamptz as otherwise_at
