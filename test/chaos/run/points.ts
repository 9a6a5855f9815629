import type { Match } from '../wire/relay';
import type { Point } from './point';

const READS = /^one-roof read$/;
const CLAIMS = /^one-roof claims for /;
const CLOSES = /^one-roof closes /;
const ATTEMPT = /^one-roof claim \d+\.\d+ /;
const READER = /reader$/;
const CLONER = /cloner$/;
const TARGET = /^shop$/;
const CLONE = /^shop_rehearsal_/;

type Sql = Match['sql'];
type When = Match['when'];

const PROBE = /as metric/;
const SNAPSHOT_OF_SCHEMA = /^begin isolation level repeatable read/;
const ROLLBACK_STAGE = /^roll back /;
const TIER_STAGE = /^\d\d_/;

function history(
  name: string,
  event: 'scheduled' | 'completed',
  activity: string,
  nth = 1,
): Omit<Point, 'family'> {
  return { name, reach: { by: 'history', step: { event, activity, nth } } };
}

function read(name: string, sql: Sql, when: When, stage: RegExp): Omit<Point, 'family'> {
  const match = { application: READS, user: READER, database: TARGET, sql, when };
  return { name, reach: { by: 'wire', match, stage } };
}

/** The schema is read by the cloner's role, in a transaction of its own. */
function schema(name: string, stage: RegExp): Omit<Point, 'family'> {
  const match = { application: READS, user: CLONER, sql: SNAPSHOT_OF_SCHEMA, when: 'after' } as const;
  return { name, reach: { by: 'wire', match, stage } };
}

function wire(name: string, match: Match, stage?: RegExp): Omit<Point, 'family'> {
  return { name, reach: { by: 'wire', match, ...(stage === undefined ? {} : { stage }) } };
}

/** A step of DESIGN.md §7, in whichever tier is drawn. */
function step(
  name: string,
  sql: Sql,
  when: When,
  where: { stage: RegExp; database: RegExp },
): Omit<Point, 'family'> {
  const match = { application: ATTEMPT, database: where.database, sql, when };
  return { name, reach: { by: 'wire', match, stage: where.stage, inTier: true } };
}

const IN_TIER = { stage: TIER_STAGE, database: TARGET };
const IN_ROLLBACK = { stage: ROLLBACK_STAGE, database: TARGET };
const STATEMENT = /^(create|insert into shop|update shop|alter|drop|delete from shop)/;

const RELEASE: readonly Omit<Point, 'family'>[] = [
  history('audit: asked', 'scheduled', 'auditOrder'),
  history('audit: done', 'completed', 'auditOrder'),
  read('preflight: connecting', 'startup', 'before', /^preflight$/),
  read('preflight: checks read', /the shop is there/, 'after', /^preflight$/),
  wire('preflight: executor looks', {
    application: /^one-roof check$/,
    database: TARGET,
    sql: /shop_gate/,
    when: 'before',
  }),
  history('rehearsal evidence: asked', 'scheduled', 'findRehearsal'),
  read('entry baseline: probe', PROBE, 'before', /^entry baseline$/),
  schema('entry baseline: schema', /^entry baseline$/),
  history('subscribe: asked', 'scheduled', 'subscribeToGates'),
  { name: 'gate wait: waiting', reach: { by: 'people', moment: 'waiting' } },
  { name: 'gate wait: one approval', reach: { by: 'people', moment: 'one approval' } },
  { name: 'gate wait: approved', reach: { by: 'people', moment: 'approved' } },
  schema('look once more: schema', /^gate before/),
  history('audit again: asked', 'scheduled', 'auditOrder', 2),
  history('audit again: done', 'completed', 'auditOrder', 2),
  wire('claim: connecting', { application: CLAIMS, database: TARGET, sql: 'startup', when: 'before' }),
  wire('claim: session lock taken', {
    application: CLAIMS,
    database: TARGET,
    sql: /try_advisory_lock/,
    when: 'after',
  }),
  wire('claim: fence raised', {
    application: CLAIMS,
    database: TARGET,
    sql: /^update one_roof.fence/,
    when: 'after',
  }),
  wire('claim: before commit', { application: CLAIMS, database: TARGET, sql: /^commit$/, when: 'before' }),
  wire('claim: after commit', { application: CLAIMS, database: TARGET, sql: /^commit$/, when: 'after' }),
  read('baseline again: probe', PROBE, 'before', /^baseline again$/),
  schema('baseline again: schema', /^baseline again$/),
  step('tier: connecting', 'startup', 'before', IN_TIER),
  step('tier: session lock taken', /try_advisory_lock/, 'after', IN_TIER),
  step('tier: before the fence rises', /^update one_roof.fence/, 'before', IN_TIER),
  step('tier: fence raised', /^update one_roof.fence/, 'after', IN_TIER),
  step('tier: transaction begun', /^begin/, 'after', IN_TIER),
  step('tier: fence locked', /one_roof.fence.*for update/, 'after', IN_TIER),
  step('tier: ledger row begun', /^insert into one_roof.ledger/, 'after', IN_TIER),
  step('tier: gate read', /shop_gate/, 'after', IN_TIER),
  step('tier: statement sent', STATEMENT, 'before', IN_TIER),
  step('tier: statement done', STATEMENT, 'after', IN_TIER),
  wire('tier: statement running', {
    application: /^one-roof claim \d+\.\d+ 20_/,
    database: TARGET,
    sql: /pg_sleep/,
    when: 'running',
  }),
  step('tier: constraints checked', /^set constraints/, 'after', IN_TIER),
  step('tier: ledger row finishing', /^update one_roof.ledger/, 'before', IN_TIER),
  step('tier: ledger row finished', /^update one_roof.ledger/, 'after', IN_TIER),
  step('tier: before commit', /^commit$/, 'before', IN_TIER),
  step('tier: after commit', /^commit$/, 'after', IN_TIER),
  history('tier: told', 'completed', 'applyTier'),
  read('verify: checks', /every label/, 'before', /^verify$/),
  read('exit baseline: probe', PROBE, 'before', /^verify$/),
  schema('verify: schema', /^verify$/),
  history('evidence: asked', 'scheduled', 'recordEvidence'),
  { name: 'evidence: written', reach: { by: 'evidence' } },
  wire('close claim: connecting', { application: CLOSES, database: TARGET, sql: 'startup', when: 'before' }),
  wire('close claim: written', {
    application: CLOSES,
    database: TARGET,
    sql: /^insert into one_roof.release/,
    when: 'after',
  }),
  wire('close claim: before commit', {
    application: CLOSES,
    database: TARGET,
    sql: /^commit$/,
    when: 'before',
  }),
  wire('close claim: after commit', {
    application: CLOSES,
    database: TARGET,
    sql: /^commit$/,
    when: 'after',
  }),
];

const COMPENSATION: readonly Omit<Point, 'family'>[] = [
  step('roll back: connecting', 'startup', 'before', IN_ROLLBACK),
  step('roll back: session lock taken', /try_advisory_lock/, 'after', IN_ROLLBACK),
  step('roll back: fence raised', /^update one_roof.fence/, 'after', IN_ROLLBACK),
  step('roll back: ledger row begun', /^insert into one_roof.ledger/, 'after', IN_ROLLBACK),
  step('roll back: statement sent', STATEMENT, 'before', IN_ROLLBACK),
  step('roll back: statement done', STATEMENT, 'after', IN_ROLLBACK),
  step('roll back: ledger row finished', /^update one_roof.ledger/, 'after', IN_ROLLBACK),
  step('roll back: before commit', /^commit$/, 'before', IN_ROLLBACK),
  step('roll back: after commit', /^commit$/, 'after', IN_ROLLBACK),
  history('roll back: told', 'completed', 'rollBackTier'),
  schema('compare with before: schema', /^compare with before$/),
];

const HOST = { application: /^one-roof clones$/, database: /^postgres$/ };
const ON_CLONE = { stage: TIER_STAGE, database: CLONE };

const REHEARSAL: readonly Omit<Point, 'family'>[] = [
  history('rehearsal, audit: asked', 'scheduled', 'auditOrder'),
  read('rehearsal, preflight: checks read', /the shop is there/, 'after', /^preflight$/),
  wire('rehearsal, preflight: clone host asked', { ...HOST, sql: 'startup', when: 'before' }, /^preflight$/),
  wire('snapshot: exported', {
    application: /^one-roof snapshot$/,
    sql: /pg_export_snapshot/,
    when: 'after',
  }),
  wire(
    'snapshot: dump begun',
    { application: /.*/, user: CLONER, database: TARGET, sql: /^SET TRANSACTION SNAPSHOT/i, when: 'after' },
    /^snapshot$/,
  ),
  wire('snapshot: fingerprint', {
    application: /^one-roof fingerprint$/,
    database: TARGET,
    sql: /^set transaction snapshot/,
    when: 'after',
  }),
  wire('clone: intent written', { ...HOST, sql: /^insert into one_roof.made_database/, when: 'after' }),
  wire('clone: database made', { ...HOST, sql: /^create database/, when: 'after' }),
  wire('clone: marked', { ...HOST, sql: /^comment on database/, when: 'after' }, /^clone$/),
  wire('clone: renamed', { ...HOST, sql: /^alter database .* rename/, when: 'after' }, /^clone$/),
  wire(
    'clone: restore begun',
    { application: /.*/, user: /restorer$/, database: CLONE, sql: 'startup', when: 'before' },
    /^clone$/,
  ),
  wire(
    'clone: restoring',
    { application: /.*/, user: /restorer$/, database: CLONE, sql: /^(CREATE|COPY|ALTER) /i, when: 'after' },
    /^clone$/,
  ),
  wire(
    'compare clone: fingerprint',
    { application: /^one-roof fingerprint$/, database: CLONE, sql: SNAPSHOT_OF_SCHEMA, when: 'after' },
    /^compare clone$/,
  ),
  wire('open clone: registered', {
    application: /^one-roof opens clone$/,
    database: CLONE,
    sql: /one_roof.target/,
    when: 'after',
  }),
  wire('clone claimed: before commit', {
    application: CLAIMS,
    database: CLONE,
    sql: /^commit$/,
    when: 'before',
  }),
  step('rehearsed tier: statement done', STATEMENT, 'after', ON_CLONE),
  step('rehearsed tier: before commit', /^commit$/, 'before', ON_CLONE),
  step('rehearsed tier: after commit', /^commit$/, 'after', ON_CLONE),
  wire(
    'revalidate: checks',
    { application: READS, database: CLONE, sql: /every label/, when: 'before' },
    /^revalidate$/,
  ),
  wire(
    'repeat: statement done',
    { application: /^one-roof claim \d+\.\d+ 30_/, database: CLONE, sql: STATEMENT, when: 'after' },
    /^repeat$/,
  ),
  step('rehearsed roll back: before commit', /^commit$/, 'before', {
    stage: ROLLBACK_STAGE,
    database: CLONE,
  }),
  step('rehearsed roll back: after commit', /^commit$/, 'after', { stage: ROLLBACK_STAGE, database: CLONE }),
  step('apply again: before commit', /^commit$/, 'before', { stage: /^apply again$/, database: CLONE }),
  wire('drop: renamed', { ...HOST, sql: /^alter database .* rename/, when: 'after' }, /^drop$/),
  wire('drop: dropping', { ...HOST, sql: /^drop database/, when: 'before' }, /^drop$/),
  wire('drop: dropped', { ...HOST, sql: /^drop database/, when: 'after' }, /^drop$/),
  wire(
    'rehearsal, exit baseline: probe',
    { application: READS, database: TARGET, sql: PROBE, when: 'before' },
    /^exit baseline$/,
  ),
  history('rehearsal, evidence: asked', 'scheduled', 'recordEvidence'),
  { name: 'rehearsal, evidence: written', reach: { by: 'evidence' } },
];

/** Every crash point, in the order in which a workflow comes by. */
export const POINTS: readonly Point[] = [
  ...RELEASE.map((point) => ({ ...point, family: 'release' }) as const),
  ...COMPENSATION.map((point) => ({ ...point, family: 'compensation' }) as const),
  ...REHEARSAL.map((point) => ({ ...point, family: 'rehearsal' }) as const),
];
