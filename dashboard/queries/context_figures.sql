-- What do others publish about countries: each indicator's figure of the latest year?
-- Grain: one row a country and indicator, in the order of the codelist.
-- Parameters: none.
select
    f.iso3,
    f.indicator,
    f.unit,
    f.year,
    f.value,
    f.source,
    f.address
from context_figures as f
left join codes as c on c.codelist = 'context_indicators' and f.indicator = c.code
qualify f.year = max(f.year) over (partition by f.iso3, f.indicator)
order by c.sort_order, f.indicator, f.iso3
