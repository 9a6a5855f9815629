import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalOutcome, ReleaseOutcome } from '../../../src/core/schema/outcome';
import { secret } from '../../../src/embedded/state';
import { waitUntil } from '../../../src/embedded/wait';
import { evidenceFolder } from '../../../src/evidence/evidence-folder';
import { SHOP, pgDump } from '../shop/databases';
import { SHOP_TIERS } from '../shop/files';
import { historyBytes } from '../world/history';
import { insist } from '../world/insist';
import type { World } from '../world/world';
import { verifyApprovals } from './follow';
import type { Started } from './people';
import { resultOf } from './people';
import type { Trial } from './trial';

const QUIET_LIMIT_MS = 20_000;

/** How a workflow ended, by its own word. */
export interface Ended {
  readonly started: Started;
  /** `terminated`: it could not say. */
  readonly outcome: string;
  readonly error: string;
}

/** Databases of the cluster: name and oid. */
export type Databases = ReadonlyMap<string, string>;

/** Asks the databases, not the program. What is wrong is added to the trial's violations. */
export async function check(trial: Trial, databases: Databases): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const started of trial.started) ended.push(await endOf(trial, started));
  const say = (text: string): void => void trial.violations.push(text);
  (await sessionsLeft(trial.world)).forEach((left) => say(`a session of ours is left: ${left}`));
  const ledger = await tiersInEffect(trial, say);
  await checkReleases(trial, say);
  await checkDump(trial, { ended, ledger, say });
  checkDatabases(databases, await readDatabases(trial.world), say);
  for (const each of ended) await checkEvidence(trial, each, say);
  await checkSecrets(trial, say);
  await verifyApprovals(trial);
  return ended;
}

type Say = (text: string) => void;

async function endOf(trial: Trial, started: Started): Promise<Ended> {
  if (trial.terminated.has(started.id)) return { started, outcome: 'terminated', error: '' };
  const result = await resultOf(trial.world, started).catch((error: unknown) => String(error));
  const schema = started.kind === 'release' ? ReleaseOutcome : RehearsalOutcome;
  const parsed = schema.safeParse(result);
  if (!parsed.success) {
    trial.violations.push(`${started.id} ended without an outcome: ${String(result).slice(0, 200)}`);
    return { started, outcome: 'none', error: '' };
  }
  const { outcome, error } = parsed.data;
  return {
    started,
    outcome,
    error: error === undefined ? '' : `${error.code}: ${error.message.slice(0, 160)}`,
  };
}

/** Each tier's effect is there once or not at all, and the ledger says the same. */
async function tiersInEffect({ world }: Trial, say: Say): Promise<readonly string[]> {
  const rows = await world.sql(SHOP, `select tier from one_roof.in_effect where package = 'shop'`);
  const inEffect = rows.map((row) => String(row['tier']));
  for (const { id, effect } of SHOP_TIERS) {
    const [row] = await world.sql(SHOP, effect);
    const times = Number(row?.['times']);
    if (times !== (inEffect.includes(id) ? 1 : 0))
      say(
        `${id} is there ${times} times and the ledger has it ${inEffect.includes(id) ? 'in effect' : 'not in effect'}`,
      );
  }
  const [open] = await world.sql(
    SHOP,
    `select count(*)::int as n from one_roof.ledger where finished_at is null and tier !~ '^3[24]_'`,
  );
  if (Number(open?.['n']) !== 0) say('a transactional tier has an unfinished row in the ledger');
  return inEffect;
}

/** One release at a time, none open at the end; nothing of ours began while a person held the session lock. */
async function checkReleases({ world, strangerHeld }: Trial, say: Say): Promise<void> {
  const open = await world.sql(SHOP, `select id from one_roof.release where state = 'open'`);
  open.forEach((row) => say(`release ${String(row['id'])} is still open`));
  const both = await world.sql(
    SHOP,
    `select a.id, b.id as other from one_roof.release a join one_roof.release b on a.id < b.id
      where a.claim is not null and b.claim is not null
        and tstzrange(a.opened_at, a.closed_at) && tstzrange(b.opened_at, b.closed_at)`,
  );
  both.forEach((row) => say(`${String(row['id'])} and ${String(row['other'])} held the database at once`));
  for (const { from, to } of strangerHeld) {
    const begun = await world.sql(
      SHOP,
      'select tier, direction from one_roof.ledger where began_at between $1::timestamptz and $2::timestamptz',
      [from, to],
    );
    begun.forEach((row) => say(`${String(row['tier'])} began while a person held the session lock`));
  }
}

/** Released: what an undisturbed release leaves. Otherwise: what pg_dump said before. */
async function checkDump(
  trial: Trial,
  { ended, ledger, say }: { ended: readonly Ended[]; ledger: readonly string[]; say: Say },
): Promise<void> {
  const outcomes = ended.map(({ outcome }) => outcome);
  const closed = await trial.world.sql(
    SHOP,
    `select outcome from one_roof.release where claim is not null and id = any($1)`,
    [trial.started.map(({ id }) => id)],
  );
  const isReleased = outcomes.includes('released') || closed.some((row) => row['outcome'] === 'released');
  const wanted = isReleased ? trial.stocked.released : trial.before;
  const found = await pgDump(trial.world);
  if (isReleased && SHOP_TIERS.some(({ id }) => !ledger.includes(id)))
    say('released, and a tier is not in effect');
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  const lines = [
    ...wanted.filter((line) => !found.includes(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !wanted.includes(line)).map((line) => `+ ${line}`),
  ];
  say(
    `${outcomes.join(', ')}, and pg_dump differs from ${isReleased ? 'an undisturbed release' : 'before'}: ${lines.slice(0, 6).join(' | ')}`,
  );
}

export async function readDatabases(world: World): Promise<Databases> {
  const rows = await insist('a list of databases', () =>
    world.sql('postgres', 'select datname, oid::text from pg_database'),
  );
  return new Map(rows.map((row) => [String(row['datname']), String(row['oid'])]));
}

/** As many as before, and the very same ones: what others made is untouched, what we made is gone. */
function checkDatabases(before: Databases, after: Databases, say: Say): void {
  for (const [name, oid] of before) if (after.get(name) !== oid) say(`database ${name} of others is gone`);
  for (const name of after.keys()) if (!before.has(name)) say(`database ${name} is left behind`);
}

/** Signed, whole, of this outcome; the ledger's row names it. No dump of production lies about. */
async function checkEvidence({ world }: Trial, { started, outcome }: Ended, say: Say): Promise<void> {
  const store = evidenceFolder(world.addresses.store, join(world.addresses.store, 'signing-key.pem'));
  const kept = await store.ofWorkflow(started.id).catch((error: unknown) => {
    say(`evidence of ${started.id} does not verify: ${String(error)}`);
    return [];
  });
  if (outcome !== 'terminated' && !kept.some((each) => each.outcome.outcome === outcome))
    say(`${started.id} ended as ${outcome} and has no evidence of it`);
  const [row] = await world.sql(SHOP, 'select evidence, outcome from one_roof.release where id = $1', [
    started.id,
  ]);
  const named = row?.['evidence'];
  if (typeof named === 'string' && outcome !== 'terminated' && !kept.some(({ digest }) => digest === named))
    say(`the ledger names evidence ${named.slice(0, 12)}… of ${started.id}, which is not there`);
  const dumps = join(world.addresses.store, 'dumps');
  if (existsSync(dumps) && readdirSync(dumps).length > 0) say('a dump of the source is left in the store');
}

/** No password in a history, nor in the evidence. */
async function checkSecrets({ world, started }: Trial, say: Say): Promise<void> {
  const passwords = readdirSync(world.state.secrets)
    .filter((name) => !name.includes('.'))
    .map((name) => secret(world.state, name));
  for (const { id } of started) {
    const bytes = await insist(`the history of ${id}`, () => historyBytes(world, id));
    if (passwords.some((password) => bytes.includes(password)))
      say(`a password stands in the history of ${id}`);
  }
  const folder = join(world.addresses.store, 'evidence');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  for (const name of files.filter((file) => started.some(({ id }) => file.includes(id)))) {
    const text = readFileSync(join(folder, name), 'utf8');
    if (passwords.some((password) => text.includes(password))) say(`a password stands in evidence ${name}`);
  }
}

/** A killed attempt must leave no session and no lock behind. @returns what is left after a while */
async function sessionsLeft(world: World): Promise<readonly string[]> {
  let left: readonly string[] = [];
  await waitUntil(async () => {
    const rows = await world.sql(
      'postgres',
      `select application_name || ': ' || left(query, 60) as session from pg_stat_activity
        where application_name ~ '^one-roof (claim|closes|clones|opens|snapshot)'`,
    );
    left = rows.map((row) => String(row['session']));
    return left.length === 0;
  }, QUIET_LIMIT_MS);
  return left;
}
