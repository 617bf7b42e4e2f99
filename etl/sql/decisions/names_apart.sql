-- Two spellings that staff say are different although they have the same key: what is told apart gets a key of its own.
-- Grain: one row a `different` decision.
-- Parameters: this, that: two names or ids of stakeholders; that is a name.
update stakeholder_names
set base_key = other.base_key || '#' || case when other.is_alike then other.spelling else other.folded end
from (
    select b.base_key, b.folded, b.spelling, a.folded = b.folded as is_alike
    from stakeholder_names as a
    inner join stakeholder_names as b on a.base_key = b.base_key and a.home is not distinct from b.home
    where b.spelling = $that and $this in (a.spelling, stakeholder_id(a.base_key || coalesce('@' || a.home, '')))
        and a.spelling <> b.spelling
    order by a.spelling = $this desc, a.folded = b.folded, a.spelling
    limit 1
) as other
where stakeholder_names.base_key = other.base_key
    and case
        when other.is_alike then stakeholder_names.spelling = other.spelling
        else stakeholder_names.folded = other.folded
    end;
