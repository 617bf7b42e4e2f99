-- Which texts do the odd rows of all sheets hold, folded, and as a number? Folded by itself: a name that stands beside
-- its expression would have it planned at each place.
-- Grain: one row a filled cell of an odd row.
insert into odd_texts
with folded_cells as (
    select *, fold(words) as folded from odd_words where words is not null
)

select *, summed_number(words) as number
from folded_cells;

-- Each cell is read once.
delete from odd_words;
