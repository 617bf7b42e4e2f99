-- How many progress reports are in only one of two compared snapshots? A corrected report counts on both sides.
-- Grain: one row.
-- Parameters: none.
with
added as (
    from after_reports
    except all
    from before_reports
),

removed as (
    from before_reports
    except all
    from after_reports
)

select
    (select count(*) from added) as reports_added,
    (select count(*) from removed) as reports_removed
