-- The private store where there is none: it names no person.
create table private.people (stakeholder_id varchar, own_id varchar, name varchar, spelling varchar);
