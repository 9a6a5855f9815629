import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { Targets } from '../../src/core/schema/target';
import { superuser } from '../acceptance/support/greenfield';
import type { World } from '../acceptance/support/world';

/** Where the poolers of the test listen. */
export interface PoolerPorts {
  readonly pooled: number;
  readonly refusing: number;
}

const CLOSED = { sql: "select count(*) from os_proposal_approvals where decision = 'approve'", opens: '> 0' };
const PEOPLE = { release: { need: 1, of: ['lead-a', 'lead-b'] } };

/** Asks for no rehearsal, so that what is wrong with the target is what is found. */
const POLICY = {
  gates: [{ id: 'rollout', before: 'first', approvals: PEOPLE, hard: CLOSED }],
  rehearsal: { required: false },
};
const NOBODY = 1;

/**
 * Adds to targets.yaml, the service file and the password file of a world: `waiting`, in which nothing is wrong, and targets
 * that are each wrong in one way. The worker is started anew, for it reads targets.yaml once.
 */
export async function addTargets(world: World, ports: PoolerPorts): Promise<void> {
  await makeDatabases(world);
  const { targets, serviceFile, pgpass, postgres } = world.addresses;
  const { production, ...others } = Targets.parse(parse(readFileSync(targets, 'utf8')));
  const nonce = production?.registration ?? '';
  const all = { production, ...others, ...moreTargets(nonce) };
  writeFileSync(targets, stringify(all, { aliasDuplicateObjects: false }));
  const { port } = postgres;
  const services = [
    ['bad-pooled', ports.pooled, 'directus'],
    ['bad-refusing', ports.refusing, 'directus'],
    ['bad-down', NOBODY, 'directus'],
    ['bad-missing', port, 'nowhere'],
    ['bad-unprepared', port, 'unprepared'],
    ['bad-emptied', port, 'emptied'],
  ] as const;
  const passwords = readFileSync(pgpass, 'utf8');
  for (const [name, at, dbname] of services)
    appendFileSync(serviceFile, `\n[${name}]\nhost=${postgres.host}\nport=${at}\ndbname=${dbname}\n`);
  for (const at of [ports.pooled, ports.refusing, NOBODY])
    appendFileSync(pgpass, passwords.replaceAll(`:${port}:`, `:${at}:`));
  await world.kill('worker');
  await world.revive();
}

function moreTargets(nonce: string): object {
  const at = (service: string, more: object = {}): object => ({
    kind: 'database',
    connection: { service },
    queue: 'one-roof.production',
    registration: nonce,
    policy: POLICY,
    ...more,
  });
  const production = 'one-roof-production';
  return {
    waiting: at(production),
    'no-policy': at(production, { policy: undefined }),
    'no-gate': at(production, { policy: { ...POLICY, gates: [{ ...POLICY.gates[0], scopes: ['other'] }] } }),
    'other-nonce': at(production, { registration: 'f'.repeat(32) }),
    unregistered: at(production, { registration: undefined }),
    unprepared: at('bad-unprepared'),
    emptied: at('bad-emptied'),
    missing: at('bad-missing'),
    down: at('bad-down'),
    pooled: at('bad-pooled'),
    refusing: at('bad-refusing'),
  };
}

/** Like production, without what makes it a target. */
async function makeDatabases(world: World): Promise<void> {
  const wrong = { unprepared: 'drop schema one_roof cascade', emptied: 'delete from one_roof.target' };
  for (const [database, sql] of Object.entries(wrong)) {
    await superuser(world.state, `create database ${database} template acceptance_closed`, 'postgres');
    await superuser(world.state, sql, database);
  }
}

/** While it works, the password file has another password for this role. */
export async function withWrongPassword<T>(world: World, role: string, work: () => Promise<T>): Promise<T> {
  const { pgpass } = world.addresses;
  const right = readFileSync(pgpass, 'utf8');
  writeFileSync(pgpass, right.replaceAll(new RegExp(`(:${role}:).*$`, 'gm'), '$1wrong'));
  try {
    return await work();
  } finally {
    writeFileSync(pgpass, right);
  }
}
