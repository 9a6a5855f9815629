-- What the application does all day: one to three new issues. Run again and again beside a release; not ours.
insert into system_issues (title, severity, source_system)
select 'Timeout while rendering page ' || n, 'warning', 'renderer'
from generate_series(1, 1 + (extract(epoch from clock_timestamp()) * 1000)::bigint % 3) n;
