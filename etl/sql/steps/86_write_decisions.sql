-- What staff decided, line by line, and whether the files still hold what it speaks of.
-- Grain: one row a line of decisions.csv.
insert into snapshot.decisions
select line, verb, subject, this, nullif(that, ''), nullif(note, ''), why_not is null, why_not
from decided
order by line;
