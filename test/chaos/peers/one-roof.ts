import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { startTemporal, stopTemporal } from '../../../src/embedded/temporal-server';
import type { TemporalAddress } from '../../../src/embedded/temporal-server';
import { openState } from '../../../src/embedded/state';
import { readToolchain } from '../../../src/embedded/toolchain';
import { prepareSql } from '../../../src/postgres/prepare';
import type { Change, Peer, Place, Workshop } from './peer';
import { mustRun } from './process-group';
import type { Command } from './process-group';

const CHECKOUT = process.cwd();
const TARGET = 'accounts';
const NONCE = 'nonce-of-the-accounts';
const PASSWORD = 'of this trial only';
const ROLES = {
  reader: 'one_roof_reader',
  cloner: 'one_roof_cloner',
  executor: 'one_roof_executor',
} as const;

/** The Temporal server of all trials: like PostgreSQL it is not what is killed here. */
let temporal: TemporalAddress | undefined;

/** This checkout, used as its README says: a package with one tier a change, and the worker that carries it out. */
export const oneRoof: Peer = {
  name: 'one-roof',
  typed: 'one-roof release FOLDER --target NAME --requester WHO --until end',
  install: async ({ server }) => {
    temporal ??= await startTemporal({
      state: openState({ checkout: server.root, environment: process.env }),
      cli: temporalCli(),
      environment: process.env,
    });
  },
  uninstall: async ({ server }) => {
    await stopTemporal(openState({ checkout: server.root, environment: process.env }));
  },
  version: () => {
    const manifest = z.object({ version: z.string() });
    const { version } = manifest.parse(JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')));
    return Promise.resolve(version);
  },
  begin: async (place, first) => {
    await prepare(place);
    mkdirSync(join(place.folder, 'package'), { recursive: true });
    await write(place, { '10_first': first });
    await mustRun(oneRoof.run(place));
  },
  add: async (place, change) => {
    const first = z
      .record(z.string(), z.custom<Change>())
      .parse(JSON.parse(readFileSync(join(place.folder, 'changes.json'), 'utf8')));
    await write(place, { ...first, '20_change': change });
  },
  run: (place) => nodeAt(place, [join(__dirname, 'one-roof-run.js'), join(place.folder, 'package'), TARGET]),
  isRecorded: async (database) =>
    (await database.query(`select from one_roof.in_effect where tier = '20_change'`)).rowCount === 1,
};

function temporalCli(): string {
  const { temporal: found } = readToolchain(CHECKOUT);
  if (found.kind === 'cli') return found.path;
  throw new Error(
    'the trials start a Temporal server of their own\nwhat mends it: unset TEMPORAL_ADDRESS, then again',
  );
}

/** What a DBA does once: the roles, One-Roof's schema, the registration. */
async function prepare({ workshop, database }: Place): Promise<void> {
  await workshop.server.ask(database, async (client) => {
    await client.query(prepareSql({ name: TARGET, kind: 'production', nonce: NONCE }, ROLES));
    for (const role of Object.values(ROLES)) await client.query(`alter role ${role} password '${PASSWORD}'`);
    await client.query(`grant create, usage on schema public to ${ROLES.executor}`);
  });
}

/** The package of these changes, and the target that it is released to. */
async function write(place: Place, changes: Readonly<Record<string, Change>>): Promise<void> {
  const folder = join(place.folder, 'package');
  const tiers = Object.entries(changes).map(([id, change]) => {
    const text = change.keyset ?? change;
    writeFileSync(join(folder, `${id}.sql`), `${text.apply}\n`);
    writeFileSync(join(folder, `${id}.rollback.sql`), `${text.undo}\n`);
    return { id, apply: `${id}.sql`, rollback: `${id}.rollback.sql`, ...modeOf(change) };
  });
  const descriptor = {
    name: 'accounts',
    version: String(tiers.length),
    database: { name: place.database },
    tiers,
  };
  writeFileSync(join(folder, 'release.yaml'), stringify(descriptor));
  writeFileSync(join(place.folder, 'changes.json'), JSON.stringify(changes));
  writeFileSync(join(place.folder, 'targets.yaml'), stringify({ [TARGET]: target() }));
  await mustRun(nodeAt(place, [join(CHECKOUT, 'bin', 'one-roof.mjs'), 'package', 'manifest', folder]));
}

function modeOf({ runs, keyset }: Change): object {
  if (keyset !== undefined) return { batch: { table: keyset.table, key: keyset.key } };
  return runs === 'in one transaction' ? {} : { transaction: false };
}

/** As for a database of development: nobody approves, nothing is rehearsed. */
function target(): object {
  return {
    kind: 'database',
    connection: { urlFrom: 'ACCOUNTS_URL' },
    registration: NONCE,
    protected: false,
    policy: { rehearsal: { required: false } },
  };
}

function nodeAt(place: Place, args: readonly string[]): Command {
  const { workshop, folder } = place;
  return {
    program: process.execPath,
    args,
    cwd: folder,
    env: {
      ...workshop.environment,
      ONE_ROOF_CONFIG: join(folder, 'targets.yaml'),
      ONE_ROOF_STORE: join(workshop.server.root, 'store'),
      ONE_ROOF_PG_BIN: readToolchain(CHECKOUT).postgres.bin,
      TEMPORAL_ADDRESS: temporal?.address ?? '',
      TEMPORAL_NAMESPACE: temporal?.namespace ?? '',
      PGPASSFILE: passwords(workshop),
      ACCOUNTS_URL: urlWithoutUser(place),
    },
  };
}

function passwords({ server }: Workshop): string {
  const path = join(server.root, 'pgpass');
  const lines = Object.values(ROLES).map((role) => `*:*:*:${role}:${PASSWORD}\n`);
  writeFileSync(path, lines.join(''), { mode: 0o600 });
  return path;
}

function urlWithoutUser({ workshop, database }: Place): string {
  const url = new URL(workshop.server.url(database));
  url.username = '';
  url.password = '';
  return url.toString();
}
