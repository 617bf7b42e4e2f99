-- Which folded spelling means which code? The wider place wins a spelling that places share.
-- Grain: one row a list and folded spelling.
create or replace table spellings as
select
    list,
    folded,
    arg_min(codelist, (rank, code)) as codelist,
    arg_min(code, (rank, code)) as code
from listed_spellings
where folded <> '' and code not in ('not_reported', 'overdue')
group by list, folded;
