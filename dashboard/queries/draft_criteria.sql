-- How many commitments of the uploaded files meet each criterion of a good commitment, and what do the others lack?
-- Grain: one row a criterion and reason for which it is not met, the most frequent first; reason is null for the number
-- of those that meet it, which comes first. judged: the commitments that were read.
-- Parameters: files (handles of uploaded files).
select
    c.criterion,
    case when not c.is_met then c.reason end as missing,
    count(*) as commitments,
    sum(count(*)) over (partition by c.criterion)::bigint as judged
from commitment_criteria as c
inner join actions as a on c.action_no = a.action_no
where list_contains($files, a.source_file)
group by c.criterion, missing
order by
    list_position(['specific', 'measurable', 'achievable', 'relevant', 'time_bound'], c.criterion),
    missing is not null,
    commitments desc,
    missing
