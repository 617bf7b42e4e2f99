-- Macros that decide which number of a result is in force on a day, and whether the promise is met.

-- Every result with its number in force on the day `as_of`. outcome: met (in force, at its target or beyond), short,
-- unknown (promised, without a number in force), unpromised (a number that was reached and never promised). Where the
-- promised distance is unknown, a falling number is compared with the target itself.
-- Grain: one row a result.
create macro results_on(as_of) as table
select
    r.result_no,
    r.action_no,
    r.action_id,
    r.indicator,
    r.unit,
    r.baseline,
    r.baseline_on,
    r.target,
    r.target_on,
    r.promised,
    r.told_on,
    r.source_file,
    r.source_sheet,
    r.source_row,
    s.actual,
    s.reached,
    s.valid_from,
    case
        when r.target is null then 'unpromised'
        when s.actual is null then 'unknown'
        when coalesce(s.reached >= r.promised, s.actual <= r.target) then 'met'
        else 'short'
    end as outcome
from results as r
left join result_spells as s on r.result_no = s.result_no and s.valid_from <= as_of and as_of < s.valid_to;
