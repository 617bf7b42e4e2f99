-- Which build is a snapshot of, and which days does it tell of?
select build_id, is_sample, first_date::varchar, last_date::varchar from snapshot.campaign
