-- What is said once, whatever the number of actions.
insert into snapshot.campaign
select * replace ($build_id as build_id, null as content_id)
from source.campaign;

insert into snapshot.codes
select * from source.codes;

insert into snapshot.grouping_countries
select * from source.grouping_countries;

insert into snapshot.input_files
select * from source.input_files;

insert into snapshot.input_sheets
select * from source.input_sheets;

insert into snapshot.input_columns
select * from source.input_columns;

insert into snapshot.check_totals
select * from source.check_totals;
