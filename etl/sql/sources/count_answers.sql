-- How many answers came, how many of them are new, and how many of those known before came otherwise than they were?
-- Grain: one row.
-- Parameters: none.
with
came as (
    select distinct answer
    from arrived_rows
    where place > 0
),

known as (
    select distinct answer
    from known_rows
    where place > 0
),

lines as (
    select * exclude (place) from arrived_rows where place > 0
    except all
    select * exclude (place) from known_rows where place > 0
),

otherwise as (
    select distinct answer
    from lines
)

select
    (select count(*) from came) as came,
    (select count(*) from came anti join known using (answer)) as added,
    (select count(*) from otherwise semi join known using (answer)) as changed
