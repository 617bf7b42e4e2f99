-- Which folded spelling means which code? Labels, codes and aliases of every codelist.
-- What staff said of a word for all files goes before, where it is one code.
-- Countries, subregions and regions answer together as the list `places`; the wider place wins a shared spelling.
-- Grain: one row a list and folded spelling.
create table spellings as
with written as (
    select codelist, code, code as spelling, 0 as priority from codelist_codes
    union all
    select codelist, code, unnest(map_values(labels)), 1 from codelist_codes
    union all
    select codelist, code, spelling, 2 from codelist_aliases
),

listed as (
    select
        case when codelist in ('countries', 'subregions', 'regions') then 'places' else codelist end as list,
        fold(spelling) as folded,
        codelist,
        code,
        priority + case codelist when 'regions' then 0 when 'subregions' then 10 else 20 end as rank
    from written
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
