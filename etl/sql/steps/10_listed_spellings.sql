-- How is each code of the codelists written, folded: by itself, by its labels and by its other spellings?
-- Countries, subregions, regions and groupings answer together as the list `places`: a grouping for its own spellings,
-- also where they are further spellings of a wider place (Sub-Saharan Africa), but not for the name of a place. It
-- depends on the codelists alone, so that builds with the same ones begin with it (`etl/pipeline/listed_words.py`).
-- Grain: one row a code and spelling, with how far it goes before others that are spelled alike (`rank`, least first).
create or replace table listed_spellings as
with written as (
    select codelist, code, code as spelling, 0 as priority from codelist_codes
    union all
    select codelist, code, unnest(map_values(labels)), 1 from codelist_codes
    union all
    select codelist, code, spelling, 2 from codelist_aliases
),

folded as (
    select
        codelist,
        code,
        priority,
        if(codelist in ('countries', 'subregions', 'regions', 'groupings'), 'places', codelist) as list,
        fold(spelling) as folded
    from written
),

called as (
    select distinct folded
    from folded
    where codelist in ('countries', 'subregions', 'regions') and priority < 2
)

select
    f.list,
    f.folded,
    f.codelist,
    f.code,
    f.priority
    + case f.codelist when 'groupings' then -10 when 'regions' then 0 when 'subregions' then 10 else 20 end as rank
from folded as f
left join called as c on f.codelist = 'groupings' and f.folded = c.folded
where c.folded is null;
