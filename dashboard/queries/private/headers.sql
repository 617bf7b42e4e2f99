-- Which headers of columns are not public, and what are their handles? Runs in the private store.
-- Grain: one row a header, or question made of one.
-- Parameters: none.
select
    handle,
    header
from private.input_headers
