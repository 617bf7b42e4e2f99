-- On which days does what is known of an indicator change: how much was reached, and of which promises that is?
-- Grain: one row a day, with what it adds to the day before.
-- Parameters: selection, indicator, unit.
with spells as (
    select r.promised, s.reached, s.valid_from, s.valid_to
    from named_actions($selection) as a
    inner join results as r on a.action_no = r.action_no and r.indicator = $indicator and r.unit = $unit
    inner join result_spells as s on r.result_no = s.result_no
    where r.promised is not null and s.reached is not null
),

moves as (
    select valid_from as on_date, promised, reached from spells
    union all
    select valid_to, -promised, -reached from spells
)

select
    on_date,
    sum(promised::decimal(38, 6))::double as known,
    sum(reached::decimal(38, 6))::double as reached
from moves
where on_date <= $as_of
group by on_date
order by on_date
