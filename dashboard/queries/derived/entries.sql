-- Which entries does the journey have? Those prepared in a large snapshot.
-- Grain: as `dashboard/queries/entries.sql`.
-- Parameters: none.
create or replace view entries as
select * from snapshot.derived.journey
