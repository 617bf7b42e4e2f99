-- Which day and which moment do the texts mean that are not written the ISO way?
-- Grain: one row a text and order of day and month.
-- Nothing without: dates_to_read.
insert into written_dates
with texts as (
    select distinct d.words, coalesce(o.date_order, 'dmy') as date_order
    from dates_to_read as d
    left join date_orders as o on d.sheet_no = o.sheet_no and d.field = o.field
),

-- Materialized: the day is taken apart once, not for the moment again.
read as materialized (
    select words, date_order, read_day_by(words, date_order) as slow_day from texts
)

select
    words,
    date_order,
    case when words[5] = '-' and words[8] = '-' then try_cast(left(words, 10) as date) else slow_day end as on_day,
    read_moment(words, slow_day) as at_moment
from read;
