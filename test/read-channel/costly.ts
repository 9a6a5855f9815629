/** A read that would cost the server or us without end, and how it may come to its own. */
export interface Costly {
  readonly kind: string;
  readonly text: string;
  readonly ends: RegExp;
}

const TOO_LONG = /^(QUERY_TOO_LONG|STATEMENT_FAILED)$/; // the clock, or the limit of the role's temporary files
const REFUSED = /^QUERY_REFUSED$/;
const CAPPED = /^(ANSWER_TOO_LARGE|answered, cut at the rows’ cap|QUERY_TOO_LONG|STATEMENT_FAILED)$/;
const ANY = /^(answered.*|[A-Z_]+)$/;

export const COSTLY: readonly Costly[] = [
  {
    kind: 'endless series',
    text: 'select count(*) from generate_series(1, 1e18::bigint) g where g < 0',
    ends: TOO_LONG,
  },
  {
    kind: 'cartesian join',
    text: 'select count(*) from orders a, orders b, orders c, orders d',
    ends: TOO_LONG,
  },
  {
    kind: 'huge sort',
    text: 'select g from generate_series(1, 100000000) g order by md5(g::text) limit 1',
    ends: TOO_LONG,
  },
  {
    kind: 'huge hash',
    text: 'select md5(g::text), count(*) from generate_series(1, 100000000) g group by 1',
    ends: TOO_LONG,
  },
  {
    kind: 'recursion without end',
    text: 'with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r',
    ends: TOO_LONG,
  },
  {
    kind: 'one value of 1 GB',
    text: "select string_agg(repeat('x', 10000), '') from generate_series(1, 100000)",
    ends: ANY,
  },
  {
    kind: 'gigabytes joined',
    text: "select string_agg(repeat('x', 100000), '') from generate_series(1, 100000)",
    ends: ANY,
  },
  { kind: '100 million narrow rows', text: 'select generate_series(1, 100000000)', ends: CAPPED },
  {
    kind: 'rows of 1 MB',
    text: "select v from (select string_agg(repeat('x', 1000), '') v from generate_series(1, 1000)) m, generate_series(1, 100000)",
    ends: CAPPED,
  },
  { kind: 'a regular expression', text: "select repeat('x', 30000) ~ '(x+x+)+y'", ends: ANY },
  {
    kind: 'a regular expression to compile',
    text: `select 'x' ~ '${'('.repeat(24)}x{1,100}${'){1,100}'.repeat(24)}'`,
    ends: ANY,
  },
  {
    kind: 'numbers of 100,000 digits',
    text: 'select 9.9::numeric ^ 99999, exp(5000.5), ln(1e16000::numeric)',
    ends: ANY,
  },
  {
    kind: 'nested filters of a path',
    text: "select jsonb_path_query_array((select jsonb_agg(g) from generate_series(1, 3000) g), '$[*] ? (exists ($[*] ? (@ > 2000)))') from events",
    ends: ANY,
  },
  {
    kind: 'grouping sets',
    text: 'select count(*) from accounts group by cube (id, name, email, owner), cube (id, name, email), cube (id, name, email, owner)',
    ends: ANY,
  },
  {
    kind: 'a join of 60',
    text: `select count(*) from accounts a0 ${Array.from({ length: 60 }, (_, n) => `join accounts a${n + 1} on a${n + 1}.id = a${n}.id`).join(' ')}`,
    ends: ANY,
  },
  { kind: '9,000 parentheses', text: `select ${'('.repeat(9_000)}1${')'.repeat(9_000)}`, ends: ANY },
  {
    kind: '3,000 subqueries, nested',
    text: `select ${'(select '.repeat(3_000)}1${')'.repeat(3_000)}`,
    ends: REFUSED,
  },
  { kind: '60 KiB of sums', text: `select ${'1+'.repeat(30_000)}1`, ends: REFUSED },
  { kind: '6,000 times not', text: `select ${'not '.repeat(6_000)}true`, ends: ANY },
  {
    kind: '2,000 cases, nested',
    text: `select ${'case when true then '.repeat(2_000)}1${' end'.repeat(2_000)}`,
    ends: ANY,
  },
  { kind: '4,000 arrays, nested', text: `select ${'array['.repeat(4_000)}1${']'.repeat(4_000)}`, ends: ANY },
  { kind: '3,000 unions', text: `select 1${' union all select 1'.repeat(3_000)}`, ends: ANY },
  { kind: '25,000 values in a list', text: `select 1 where 1 in (${'1,'.repeat(25_000)}1)`, ends: ANY },
  { kind: '1,665 columns', text: `select ${'1,'.repeat(1_664)}1`, ends: ANY },
];
