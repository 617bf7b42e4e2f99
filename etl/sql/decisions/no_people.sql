-- The private store of a build that names no person, or of an older one.
create table private.people (stakeholder_id varchar, own_id varchar, name varchar, spelling varchar);
