-- Macros that decide which number of a result is in force on a day, whether the promise is met, and what is summed.

-- Every result with its number in force on the day `as_of`. outcome: met (in force, at its target or beyond), short,
-- unknown (promised, without a number in force), unpromised (a number that was reached and never promised).
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
    s.telling_no,
    case
        when r.target is null then 'unpromised'
        when s.actual is null then 'unknown'
        when if(i.direction = 'down', s.actual <= r.target, s.actual >= r.target) then 'met'
        else 'short'
    end as outcome
from results as r
left join indicators as i on r.indicator = i.indicator
left join result_spells as s on r.result_no = s.result_no and s.valid_from <= as_of and as_of < s.valid_to;

-- The amounts of one indicator in one unit, to be summed. `part_no` is 1 promised with a number in force, 2 reached of
-- what was promised, 3 promised and unknown, 4 reached and never promised; 5 counts each promise once.
-- Grain: one row a number and part.
create macro amounts_on(as_of, of_indicator, in_unit) as table
select
    r.action_no,
    n.part_no::utinyint as part_no,
    case n.part_no
        when 1 then if(r.reached is not null, r.promised, null)
        when 2 then if(r.promised is not null, r.reached, null)
        when 3 then if(r.reached is null, r.promised, null)
        when 4 then if(r.promised is null, r.reached, null)
        else if(r.promised is not null, 1, null)
    end as amount
from results_on(as_of) as r
cross join range(1, 6) as n (part_no)
where r.indicator = of_indicator and r.unit = in_unit and amount is not null;

-- A number as text, without decimals where it is whole.
-- Grain: one number.
create macro amount_text(number) as if(number = floor(number), number::hugeint::varchar, number::varchar);
