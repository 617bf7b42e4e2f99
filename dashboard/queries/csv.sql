-- Macros that write values into a CSV file, which a spreadsheet may open.

-- A text behind an apostrophe where a spreadsheet would run it: it begins like a `formula` and is no mere `number`.
create macro disarmed(words, formula, number) as case
    when regexp_matches(words, formula) and not regexp_matches(words, number) then concat('''', words)
    else words
end;
-- A percentage, without a decimal point where it is whole: in French and Spanish Excel the point would make it a text.
create macro whole_percent(percent) as regexp_replace(percent::varchar, '\.0$', '');
