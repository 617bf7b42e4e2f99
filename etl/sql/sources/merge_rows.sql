-- Bring an export up to date: each answer that came again takes the place that it had; new ones stand together, before
-- the others or after them, as the tool has them. An answer that is not among those that came stays.
-- Parameters: $newest_first, whether the tool lists the newest answers first.
create or replace temp table merged_rows as
with
known as (
    select answer, min(place) as first_place
    from known_rows
    where place > 0
    group by answer
),

arrived as (
    select arrived_rows.*, known.first_place
    from arrived_rows
    left join known using (answer)
    where arrived_rows.place > 0
),

bounds as (
    select max(place) + 1 as behind
    from known_rows
)

select
    kept.place as first_place,
    0 as next_place,
    kept.*
from known_rows as kept
where kept.place = 0 or kept.answer not in (select came.answer from arrived_answers as came)
union all by name
select
    coalesce(arrived.first_place, if($newest_first, 0.5, bounds.behind)) as first_place,
    arrived.place as next_place,
    arrived.* exclude (first_place)
from arrived
cross join bounds
