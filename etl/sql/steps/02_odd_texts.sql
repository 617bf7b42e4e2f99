-- Which texts do the odd rows of all sheets hold, folded, as a number, and as words of such rows? Folded by itself: a
-- name that stands beside its expression would have it planned at each place. The patterns are looked for here, for all
-- sheets at once: planning one takes longer than a sheet's few odd rows do.
-- Grain: one row a filled cell of an odd row.
insert into odd_texts
with folded_cells as (
    select *, fold(words) as folded from odd_words where words is not null
)

select
    *,
    summed_number(words) as number,
    is_total(folded),
    is_test(words, folded),
    is_help(folded)
from folded_cells;

-- Each cell is read once.
delete from odd_words;
