-- Macros of names: the text in a language, codes' labels, a stakeholder's name, and a search for names.

-- Grain: one text, by language. The text in one language, else in English, else the first there is.
create macro in_language(texts, lang) as coalesce(texts[lang], texts['en'], map_values(texts)[1]);

-- The codes of all lists with their labels in a language.
-- Grain: one row a code.
create macro labels_in(lang) as table
select codelist, code, sort_order, in_language(labels, lang) as label
from codes;

-- Grain: one stakeholder, as tables have it. Its name; for an unnamed person, the replacement in a language.
create macro stakeholder_in(written, lang) as coalesce(
    (
        select in_language(p.names, lang)
        from person_names as p
        where p.name = written
    ),
    written
);

-- Every stakeholder with all of its names in small letters for a search. A person's name is the replacement, in `names`
-- by language.
-- Grain: one row a stakeholder.
create macro stakeholder_names() as table
select
    s.stakeholder_id,
    s.name,
    s.actions,
    p.names,
    p.name is not null as is_person,
    lower(concat_ws(' ', s.name, array_to_string(map_values(p.names), ' '))) as small_names
from stakeholders as s
left join person_names as p on s.name = p.name;

-- Grain: one stakeholder. Whether each of the folded words (none with a blank inside) is in its names; these lose only
-- case and accents, because folding each of very many takes ten times longer.
create macro holds_words(words, small_names) as
list_bool_and(list_transform(words, lambda word: contains(small_names, word)))
or (
    length(small_names) <> strlen(small_names)  -- it has other letters than plain ones
    and list_bool_and(
        list_transform(words, lambda word: contains(replace(strip_accents(small_names), 'œ', 'oe'), word))
    )
);
