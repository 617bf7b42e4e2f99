-- Which day and which moment do the texts mean that are not written in the ISO form?
-- By an unknown order (`none`) a text that can be read in both ways means none: `is_open`.
-- Grain: one row a text and order of day and month.
-- Nothing without: dates_to_read.
create table numbered_dates as
with texts as (
    select distinct d.words, coalesce(o.date_order, 'dmy') as date_order
    from dates_to_read as d
    left join date_orders as o on d.sheet_no = o.sheet_no and d.field = o.field
)

select
    words,
    date_order,
    coalesce(date_order = 'none' and pair_proves(words) = 'either', false) as is_open,
    if(is_open, null, day_of_signs(words, date_order)) as slow_day
from texts;

-- Few exports name months and quarters, and planning the search for them takes longer than all the rest.
-- Nothing without: numbered_dates where slow_day is null and not is_open.
create table worded_dates as
select words, date_order, day_in_words(words) as slow_day
from numbered_dates
where slow_day is null and not is_open;

-- Nothing without: numbered_dates.
insert into written_dates
with read as (
    select words, date_order, slow_day from numbered_dates where slow_day is not null or is_open
    union all
    select words, date_order, slow_day from worded_dates
)

select
    words,
    date_order,
    case when words[5] = '-' and words[8] = '-' then try_cast(left(words, 10) as date) else slow_day end as on_day,
    read_moment(words, slow_day) as at_moment
from read;
