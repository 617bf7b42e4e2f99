-- Which headers of columns are not public, and what stands for them? Asked of the private store.
-- Grain: one row a header, or question made of one.
-- Parameters: none.
select
    handle,
    header
from private.input_headers
