import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkerSettings } from '../../src/worker/settings';

const FOLDER = mkdtempSync(join(tmpdir(), 'one-roof-settings-'));
const TARGETS = join(FOLDER, 'targets.yaml');

/** Without a home there is no profile file of the one who runs the tests. */
const NEEDED = { HOME: '/nonexistent', ONE_ROOF_CONFIG: TARGETS, ONE_ROOF_STORE: FOLDER };

describe("a worker's settings", () => {
  beforeAll(() => writeFileSync(TARGETS, 'production: { kind: database, connection: { service: x } }\n'));

  it('are read from the environment that is given', () => {
    const { targets, ...settings } = readWorkerSettings({
      ...NEEDED,
      ONE_ROOF_SIGNING_KEY: '/keys/evidence.pem',
      ONE_ROOF_REVEAL_DATA: 'true',
      ONE_ROOF_PG_BIN: '/opt/pg/bin',
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_NAMESPACE: 'releases',
      TEMPORAL_API_KEY: 'of the tests only',
    });
    expect(Object.keys(targets)).toEqual(['production']);
    expect(settings).toMatchObject({
      storeRoot: FOLDER,
      signingKey: '/keys/evidence.pem',
      revealData: true,
      programs: { pgDump: '/opt/pg/bin/pg_dump', pgRestore: '/opt/pg/bin/pg_restore' },
      temporal: { address: 'cloud.example:7233', namespace: 'releases', connection: { tls: true } },
    });
  });

  it('take a variable that is empty for one that is not set', () => {
    const empty = {
      ONE_ROOF_SIGNING_KEY: '',
      ONE_ROOF_PG_BIN: '',
      PGPASSWORD: '',
      PGSERVICEFILE: '',
      TEMPORAL_ADDRESS: '',
      TEMPORAL_NAMESPACE: '',
      TEMPORAL_API_KEY: '',
      TEMPORAL_TLS: '',
    };
    const { environment, signingKey, revealData, programs, temporal } = readWorkerSettings({
      ...NEEDED,
      ...empty,
    });
    expect({ signingKey, revealData, programs, temporal }).toEqual({
      signingKey: undefined,
      revealData: false,
      programs: { pgDump: 'pg_dump', pgRestore: 'pg_restore' },
      temporal: { address: 'localhost:7233', namespace: 'default', connection: {} },
    });
    expect(environment).toEqual(NEEDED);
  });

  it.each(['ONE_ROOF_CONFIG', 'ONE_ROOF_STORE'])('are refused without %s', (name) => {
    expect(() => readWorkerSettings({ ...NEEDED, [name]: '' })).toThrow(
      `the worker's environment has no ${name}`,
    );
  });
});
