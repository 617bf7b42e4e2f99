-- Which entries has the journey? Those that a large snapshot holds since it was built.
-- Grain: as `dashboard/queries/entries.sql`.
-- Parameters: none.
create or replace view entries as
select * from snapshot.derived.journey
