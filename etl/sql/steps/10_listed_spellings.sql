-- As what is each code of the codelists written, folded: by itself, by its labels and by its other spellings?
-- Countries, subregions and regions answer together as the list `places`. It says nothing but the codelists, so that
-- builds with the same ones begin with it (`etl/pipeline/listed_words.py`).
-- Grain: one row a code and spelling, with how far it goes before others that are spelled alike (`rank`, least first).
create or replace table listed_spellings as
with written as (
    select codelist, code, code as spelling, 0 as priority from codelist_codes
    union all
    select codelist, code, unnest(map_values(labels)), 1 from codelist_codes
    union all
    select codelist, code, spelling, 2 from codelist_aliases
)

select
    case when codelist in ('countries', 'subregions', 'regions') then 'places' else codelist end as list,
    fold(spelling) as folded,
    codelist,
    code,
    priority + case codelist when 'regions' then 0 when 'subregions' then 10 else 20 end as rank
from written;

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
