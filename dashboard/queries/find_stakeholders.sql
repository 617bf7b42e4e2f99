-- Which stakeholders have all of these words in their name, in whatever language? Persons under what stands for theirs.
-- Names are compared without case and accents alone: to fold each of very many takes ten times longer.
-- Grain: one row a stakeholder; `found` is how many there are in all.
-- Parameters: words (folded, none with a blank inside), most.
with named as (
    select
        s.stakeholder_id,
        s.name,
        s.actions,
        lower(concat_ws(' ', s.name, p.name_en, p.name_fr, p.name_es)) as names
    from stakeholders as s
    left join person_names as p on s.name = p.name
)

select
    stakeholder_id,
    name,
    actions,
    count(*) over () as found
from named
where
    contains_every($words::varchar[], names)
    or (
        length(names) <> strlen(names)  -- it has other letters than plain ones
        and contains_every($words::varchar[], replace(strip_accents(names), 'œ', 'oe'))
    )
order by actions desc, name asc, stakeholder_id asc
limit $most
