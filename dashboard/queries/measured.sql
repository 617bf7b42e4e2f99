-- Which indicators have promised numbers, in which units, and may they be summed?
-- Grain: one row an indicator and unit, the one with most promised numbers first; without words that nothing matched.
-- Parameters: none.
select
    r.indicator,
    r.unit,
    count(*) as results,
    any_value(i.is_summable) as is_summable
from results as r
inner join indicators as i on r.indicator = i.indicator
inner join codes as c on c.codelist = 'indicators' and r.indicator = c.code
where r.promised is not null and 'unclassified' not in (r.indicator, r.unit)
group by all
order by results desc, any_value(c.sort_order), r.unit
