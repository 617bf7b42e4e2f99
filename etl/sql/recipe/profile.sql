-- What do the columns of a sheet hold? Each distinct cell is looked at once.
-- Grain: one row a column that is filled somewhere.
create or replace table column_profiles as
with read as (
    select
        *,
        read_day(cell, 'dmy') is not null and not regexp_full_match(cell, '[\d.,]+') as is_day,
        contains(cell, ':') as has_clock,
        read_number(cell) as number,
        regexp_matches(cell, '(?i)^(https?://|www\.)\S+$') as is_link,
        regexp_matches(cell, '^\S+@\S+\.\S+$') as is_mail,
        regexp_matches(cell, '^\+[\d ().\-/]{8,}$') as is_phone
    from column_cells
)

select
    column_no,
    sum(row_count)::bigint as filled,
    count(*) as kinds,
    max(row_count) as most,
    sum(row_count * length(cell)) / sum(row_count) as letters,
    sum(if(is_day, row_count, 0)) / sum(row_count) as days,
    sum(if(is_day and has_clock, row_count, 0)) / sum(row_count) as clocks,
    sum(if(number is not null, row_count, 0)) / sum(row_count) as numbers,
    sum(if(number between 0 and 100, row_count, 0)) / sum(row_count) as percents,
    sum(if(contains(cell, '%'), row_count, 0)) / sum(row_count) as percent_signs,
    sum(if(is_link, row_count, 0)) / sum(row_count) as links,
    sum(if(is_mail, row_count, 0)) / sum(row_count) as mails,
    sum(if(is_phone, row_count, 0)) / sum(row_count) as phones,
    sum(if(contains(cell, ' '), row_count, 0)) / sum(row_count) as blanks
from read
group by column_no
order by column_no;
