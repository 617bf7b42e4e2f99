-- How many entries of the journey are of these kinds and these days, as `entries_among` has them?
-- Grain: one row for the entries that are alike in all of this.
create macro journey_among(as_of, posts_until, this_day, kinds, coming, since, until) as table
select
    kind,
    on_date,
    entries
from journey_counts
where
    valid_to > as_of
    and valid_from <= if(kind = 'story', coalesce(posts_until, date '9999-12-31'), as_of)
    and list_contains(kinds, kind)
    and (coming is null or coming = coalesce(last_day >= this_day, false))
    and (since is null or on_date >= since)
    and (until is null or on_date <= until);
