-- Which paragraphs by staff are dropped with their letters?
-- Grain: one row a paragraph.
-- Parameters: before.
delete from own_words
where not exists (select 1 from letters as l where l.batch_id = own_words.batch_id and l.noted_at >= $before)
