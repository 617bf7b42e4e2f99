-- Which stakeholders have all of these words in their name, in whatever language? Unnamed persons have their
-- replacement.
-- Grain: one row a stakeholder; `found` is how many there are in all.
-- Parameters: words (folded, none with a blank inside), most.
select
    stakeholder_id,
    name,
    actions,
    count(*) over () as found
from stakeholder_names()
where holds_words($words::varchar[], small_names)
order by actions desc, name asc, stakeholder_id asc
limit $most
