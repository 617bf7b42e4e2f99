-- Take out the settled words of staff, for others: `10_listed_spellings` and `10_spellings` follow.
delete from staff_words;

drop table if exists said_spellings;
