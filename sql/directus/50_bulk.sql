-- The two large tables. `:scale` multiplies them, and nothing else: 1 gives 204,556 issues and 820,183
-- labels.

insert into system_issues (title, severity, source_system, status, date_created)
select 'Check ' || n % 211 || ' failed for item ' || n,
  (array['info', 'warning', 'error'])[1 + n % 3],
  (array['importer', 'search', 'mailer', 'renderer'])[1 + n % 4],
  case when n % 9 = 0 then 'new' else 'closed' end,
  timestamptz '2025-06-01 00:00+00' + n * interval '2 minutes'
from generate_series(1, round(204556 * :scale)::bigint) n;

-- Up to four labels an entity, each of another kind.
insert into entity_labels (entity, label, date_created)
select n / 4, (array['topic', 'language', 'audience', 'quality'])[1 + n % 4] || ':' || n % 97,
  timestamptz '2025-01-01 00:00+00' + n * interval '1 second'
from generate_series(1, round(820183 * :scale)::bigint) n;

analyze;
