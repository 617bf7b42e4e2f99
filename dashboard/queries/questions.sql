-- Which questions do the files leave open, and which parts have other readings?
-- Grain: one row a question.
-- Parameters: none.
select
    kind, variant, recipe, source_file, sheet, field, header, facts, evidence, candidates,
    coalesce(effects, []) as effects, answer, decided_by
from snapshot.questions
order by source_file, sheet, kind, field is distinct from 'status', field
