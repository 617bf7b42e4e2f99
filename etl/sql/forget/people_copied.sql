-- Who are the stakeholders that are persons? As before.
-- Grain: one row a person and spelling.
create table private.people as select * from held.people;
