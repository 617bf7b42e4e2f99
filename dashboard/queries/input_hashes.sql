-- Which contents were read?
-- Grain: one row a content.
-- Parameters: none.
select distinct sha256 from input_files order by sha256
