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

-- Counting words takes long: only texts with so many blanks, line breaks and tabs that they may be too long are counted
-- (a case, so that the rest is not).
counted as (
    select
        t.action_no,
        t.field,
        l.words,
        case
            when strlen(t.written) > 2 * l.words then case
                when
                    strlen(t.written) - strlen(replace(t.written, ' ', ''))
                    + if(contains(t.written, chr(10)), strlen(t.written) - strlen(replace(t.written, chr(10), '')), 0)
                    + if(contains(t.written, chr(9)), strlen(t.written) - strlen(replace(t.written, chr(9), '')), 0)
                    >= l.words
                    then len(string_split(trim(regexp_replace(t.written, '\s+', ' ', 'g')), ' '))
            end
        end as found
    from texts as t
    inner join text_limits as l on t.field = l.field and l.words > 0
)

select a.action_no, c.field, c.found::varchar as value, '≤ ' || c.words as expected
from counted as c
inner join snapshot.actions as a on c.action_no = a.action_no
where c.found > c.words
