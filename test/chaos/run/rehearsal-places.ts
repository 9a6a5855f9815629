import {
  CLAIMS,
  CLONE,
  CLONER,
  PROBE,
  READS,
  ROLLBACK_STAGE,
  SNAPSHOT_OF_SCHEMA,
  STATEMENT,
  TARGET,
  TIER_STAGE,
  history,
  read,
  step,
  wire,
} from './places';
import type { Place } from './places';

const HOST = { application: /^one-roof clones$/, database: /^postgres$/ };
const ON_CLONE = { stage: TIER_STAGE, database: CLONE };

/** On the clone, and what is done to its host. */
export const REHEARSAL: readonly Place[] = [
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
