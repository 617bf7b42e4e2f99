-- How are words compared? Letters and digits only, without accents and case.
-- The build folds what is searched, codelists and headers with it; a search folds its words with it.
-- Grain: one text.
create macro fold(words) as trim(regexp_replace(
    replace(
        replace(replace(replace(lower(strip_accents(nfc_normalize(words))), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'
    ),
    '[^\p{L}\p{N}]+', ' ', 'g'
));
