-- Which actions hold all of these words? The one of that id first, then those that have the words in their title.
-- Grain: one row an action; `found` is how many there are in all.
-- Parameters: words (folded), typed (as written, for an id), most.
with matching as (
    select
        action_id,
        title,
        stakeholder,
        language,
        submitted_on,
        lower(action_id) = lower($typed) as is_named,
        contains_every($words::varchar[], strip_accents(lower(title))) as is_in_title
    from worded_actions($words::varchar[])
)

select
    action_id,
    title,
    stakeholder,
    language,
    count(*) over () as found
from matching
order by is_named desc, is_in_title desc, submitted_on desc nulls last, action_id asc
limit $most
