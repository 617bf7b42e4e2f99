-- severity: note
-- Which texts are longer than the form allows (campaign.toml, [limits])?
-- Grain: one row an action and text.
with texts as (
    select action_no, 'title' as field, title as written from snapshot.actions
    union all
    select action_no, 'description', description from snapshot.actions
    union all
    select action_no, 'impact', impact from snapshot.actions
    union all
    select action_no, 'communication', communication from snapshot.actions
),

-- A text of n words has at least 2n - 1 characters: only longer ones are counted.
long_texts as (
    select
        t.action_no,
        t.field,
        l.words,
        len(string_split(trim(regexp_replace(t.written, '\s+', ' ', 'g')), ' ')) as found
    from texts as t
    inner join text_limits as l on t.field = l.field and l.words > 0 and strlen(t.written) > 2 * l.words
)

select
    a.action_id,
    a.source_file,
    a.source_sheet as sheet,
    a.source_row,
    t.field,
    t.found::varchar as value,
    '≤ ' || t.words as expected
from long_texts as t
inner join snapshot.actions as a on t.action_no = a.action_no
where t.found > t.words
