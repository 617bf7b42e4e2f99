-- The settled words of staff for all files go before the codelists, where they mean one code.
-- Grain: one row a list and folded spelling.
-- Nothing without: staff_words.
create table said_spellings as
with said as (
    select list, fold(key) as folded, any_value(code_list) as codelist, any_value(code) as code
    from staff_words
    where recipe is null and file_name is null and key = fold(key)
    group by line, list, key
    having count(*) = 1 and any_value(code) <> 'unclassified'
)

select list, folded, arg_min(codelist, code) as codelist, min(code) as code
from said
where folded <> ''
group by list, folded;

-- Nothing without: said_spellings.
delete from spellings
where (list, folded) in (select (list, folded) from said_spellings);

-- Nothing without: said_spellings.
insert into spellings
from said_spellings;
