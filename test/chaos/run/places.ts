import type { Match } from '../wire/relay';
import type { Point } from './point';

/** A point before it is told whose it is. */
export type Place = Omit<Point, 'family'>;

export const READS = /^one-roof read$/;
export const CLAIMS = /^one-roof claims for /;
export const CLOSES = /^one-roof closes /;
export const ATTEMPT = /^one-roof claim \d+\.\d+ /;
export const READER = /reader$/;
export const CLONER = /cloner$/;
export const TARGET = /^shop$/;
export const CLONE = /^shop_rehearsal_/;

type Sql = Match['sql'];
type When = Match['when'];

export const PROBE = /as metric/;
export const SNAPSHOT_OF_SCHEMA = /^begin isolation level repeatable read/;
export const ROLLBACK_STAGE = /^roll back /;
export const TIER_STAGE = /^\d\d_/;

export function history(name: string, event: 'scheduled' | 'completed', activity: string, nth = 1): Place {
  return { name, reach: { by: 'history', step: { event, activity, nth } } };
}

export function read(name: string, sql: Sql, when: When, stage: RegExp): Place {
  const match = { application: READS, user: READER, database: TARGET, sql, when };
  return { name, reach: { by: 'wire', match, stage } };
}

/** The schema is read by the cloner's role, in a transaction of its own. */
export function schema(name: string, stage: RegExp): Place {
  const match = { application: READS, user: CLONER, sql: SNAPSHOT_OF_SCHEMA, when: 'after' } as const;
  return { name, reach: { by: 'wire', match, stage } };
}

export function wire(name: string, match: Match, stage?: RegExp): Place {
  return { name, reach: { by: 'wire', match, ...(stage === undefined ? {} : { stage }) } };
}

/** A step of DESIGN.md §7, in whichever tier is drawn. */
export function step(name: string, sql: Sql, when: When, where: { stage: RegExp; database: RegExp }): Place {
  const match = { application: ATTEMPT, database: where.database, sql, when };
  return { name, reach: { by: 'wire', match, stage: where.stage, inTier: true } };
}

export const IN_TIER = { stage: TIER_STAGE, database: TARGET };
export const IN_ROLLBACK = { stage: ROLLBACK_STAGE, database: TARGET };
export const STATEMENT = /^(create|insert into shop|update shop|alter|drop|delete from shop)/;

export const IN_BATCHES = /^one-roof claim \d+\.\d+ 32_/;
export const BATCH = /^update shop_stock/;
export const AUTOCOMMIT = /^one-roof claim \d+\.\d+ 34_/;
export const CONCURRENTLY = /^(create|drop) index concurrently/;
