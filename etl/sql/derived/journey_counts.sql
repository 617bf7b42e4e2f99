-- How many entries has the journey, each counted once?
-- Grain: one row.
insert into snapshot.derived.journey_size
select count(distinct entry_id) from snapshot.derived.journey;

-- How many entries are of the same kind, on the same days?
-- Grain: one row for the entries that are alike in this.
insert into snapshot.derived.journey_counts
select
    j.kind,
    j.on_date,
    j.valid_from,
    j.valid_to,
    if(j.kind = 'event', coalesce(e.ends_on, j.on_date), null) as last_day,
    count(*) as entries
from snapshot.derived.journey as j
left join snapshot.events as e on j.kind = 'event' and j.item_id = e.id
group by all
order by all;
