-- Which countries do the exports write, as ISO 3166 codes of two letters? A cell is looked up as a whole, in the pieces
-- between its punctuation, and word by word for codes: more than the rows will mean, never fewer.
-- Grain: one row a country.
with cells as (
    select distinct trim(words) as words
    from country_cells
    where words is not null
),

pieces as (
    select words as piece from cells
    union
    select trim(unnest(regexp_split_to_array(words, '[,;|/\n\x1f]+|\s[-–—]\s'))) from cells
    union
    select unnest(regexp_split_to_array(words, '[\s,;|/\x1f]+')) from cells
),

spelled as (
    select code, folded from listed_spellings where codelist = 'countries'
    union
    select code, fold(iso2) from codelist_countries where iso2 is not null
)

select distinct c.iso2
from pieces as p
inner join spelled as s on fold(p.piece) = s.folded
inner join codelist_countries as c on s.code = c.code
where p.piece <> '' and c.iso2 is not null
order by c.iso2;
