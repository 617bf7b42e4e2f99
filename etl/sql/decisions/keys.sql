-- By which key is each text of decisions.csv compared with the others, before any file is read?
-- Grain: one row a text. Parameters: asked, the texts.
select
    words,
    case
        when regexp_full_match(words, 'st_[0-9a-f]{12}') then words
        else coalesce(stakeholder_id(name_key(words)), words)
    end as stakeholder,
    loose_id(words) as action
from (select distinct unnest($asked::varchar[]) as words) as asked;
