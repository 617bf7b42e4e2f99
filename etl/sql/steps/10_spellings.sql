-- Which folded spelling means which code? Labels, codes and aliases of every codelist.
-- What staff said of a word for all files goes before, where it is one code.
-- The wider place wins a spelling that places share.
-- Grain: one row a list and folded spelling.
create table spellings as
with listed as (
    select list, folded, codelist, code, rank
    from listed_spellings
    where code not in ('not_reported', 'overdue')
    union all
    select list, fold(key), any_value(code_list), any_value(code), -1
    from staff_words
    where recipe is null and file_name is null and key = fold(key)
    group by line, list, key
    having count(*) = 1 and any_value(code) <> 'unclassified'
)

select
    list,
    folded,
    arg_min(codelist, (rank, code)) as codelist,
    arg_min(code, (rank, code)) as code
from listed
where folded <> ''
group by list, folded;
