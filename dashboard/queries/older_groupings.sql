-- Which countries has each grouping in a snapshot of an older program, which knows no groupings? None.
-- Grain: none. Parameters: none.
create table grouping_countries (grouping_code varchar, iso3 varchar)
