import { createMarked } from '../../src/postgres/clone/create';
import { dropMade } from '../../src/postgres/clone/drop';
import { keepMade, verifyNameIsFree } from '../../src/postgres/clone/keep';
import { listMade } from '../../src/postgres/clone/registry';
import { enterGolden, findGolden, retireGolden } from '../../src/postgres/golden/registry';
import { verifyRegistration } from '../../src/postgres/registration';
import { openClone } from '../../src/postgres/clone/open';
import { Roles } from '../../src/core/schema/target';
import { withSession } from '../../src/postgres/session';
import type { Session } from '../../src/postgres/session';
import { execute } from '../fingerprint/subject';
import { urlOf, withClient } from '../support/database';
import { GOLDEN } from '../workflows/well';
import { SHAPE, atHost, databasesLike, exists, make, makeGolden, saidBy, superuserOf, unmade } from './made';

describe('a golden', () => {
  it('is dropped by nobody before it is retired, and by everybody after that', async () => {
    const golden = await makeGolden();
    await expect(atHost((session) => dropMade(session, golden))).rejects.toMatchObject({
      code: 'GOLDEN_PROTECTED',
    });
    expect(await saidBy(golden.name)).toBe('golden');
    await atHost(async (session) => {
      await retireGolden(session, golden.name);
      await dropMade(session, golden);
    });
    expect(await exists(golden.name)).toBe(false);
  });

  it('that is reset while it is retired is no golden’s end: whoever comes second is refused', async () => {
    const golden = await makeGolden();
    const fresh = await atHost((session) => make(session, unmade('fresh'), 'restored'));
    await atHost(async (resetting) => {
      await resetting.query('begin');
      await resetting.query('update one_roof.golden set nonce = $2 where nonce = $1', [
        golden.nonce,
        fresh.nonce,
      ]);
      const retired = atHost((session) => retireGolden(session, golden.name));
      const [ended] = await Promise.all([
        retired.catch((error: unknown) => error),
        commitWhenAwaited(resetting),
      ]);
      expect(ended).toMatchObject({ code: 'SUPERSEDED' });
      expect(await findGolden(resetting, golden.name)).toMatchObject({ nonce: fresh.nonce });
    });
  });

  it('is no rehearsal’s: its workflow finds it among its own no more', async () => {
    const golden = await makeGolden();
    expect(await atHost((session) => listMade(session, golden.owner))).not.toContainEqual(
      expect.objectContaining({ nonce: golden.nonce }),
    );
  });

  it('keeps its name, also while its database is gone', async () => {
    const golden = await makeGolden();
    const clone = await atHost((session) => make(session, unmade('clone'), 'clone'));
    const taken = { code: 'CLONE_NAME_TAKEN' };
    await execute('postgres', `drop database ${golden.name}`);
    await atHost(async (session) => {
      await expect(verifyNameIsFree(session, golden.name)).rejects.toMatchObject(taken);
      await expect(keepMade(session, clone, golden.name)).rejects.toMatchObject(taken);
    });
    expect(await exists(clone.name)).toBe(true);
  });

  it('that bears a clone’s name, by another hand, is not dropped in its stead', async () => {
    const golden = await makeGolden();
    const clone = await atHost((session) => make(session, unmade('clone'), 'clone'));
    await execute('postgres', [
      `alter database ${clone.name} rename to ${clone.name}_away`,
      `alter database ${golden.name} rename to ${clone.name}`,
    ]);
    await expect(atHost((session) => dropMade(session, clone))).rejects.toMatchObject({
      code: 'CLONE_NOT_OURS',
    });
    expect(await saidBy(clone.name)).toBe('golden');
  });

  it('that is put into a clone’s place between the look and the drop is not dropped', async () => {
    const golden = await makeGolden();
    const clone = await atHost((session) => make(session, unmade('clone'), 'clone'));
    const swapped = atHost((session) =>
      dropMade(
        {
          ...session,
          query: async (sql, values) => {
            if (sql === 'begin')
              await execute('postgres', [
                `alter database ${clone.name} rename to ${clone.name}_away`,
                `alter database ${golden.name} rename to ${clone.name}`,
              ]);
            return session.query(sql, values);
          },
        },
        clone,
      ),
    );
    await expect(swapped).rejects.toMatchObject({ code: 'CLONE_NOT_OURS' });
    expect(await saidBy(clone.name)).toBe('golden');
    expect(await databasesLike(`one_roof_drop_${clone.nonce}`)).toEqual([]);
  });

  it('that bears the marker of a clone, forged, is not dropped for it', async () => {
    const golden = await makeGolden();
    const clone = await atHost((session) => make(session, unmade('clone'), 'clone'));
    const comment = await commentOf(clone.name);
    await execute('postgres', [
      `comment on database ${golden.name} is '${comment}'`,
      `alter database ${clone.name} rename to ${clone.name}_away`,
      `alter database ${golden.name} rename to ${clone.name}`,
    ]);
    await expect(atHost((session) => dropMade(session, clone))).rejects.toMatchObject({
      code: 'CLONE_NOT_OURS',
    });
    expect(await saidBy(clone.name)).toBe('golden');
  });

  it('is not served by a copy of it, which bears no marker', async () => {
    const golden = await makeGolden();
    const copy = `${golden.name}_copy`;
    await execute('postgres', `create database ${copy} template ${golden.name}`);
    expect(await commentOf(copy)).toBeNull();
    const entry = { name: copy, nonce: golden.nonce, record: GOLDEN, owner: 'somebody' };
    await expect(atHost((session) => enterGolden(session, entry))).rejects.toMatchObject({
      code: 'CLONE_NOT_OURS',
    });
    expect((await atHost((session) => findGolden(session, golden.name)))?.nonce).toBe(golden.nonce);
  });

  it('is refused to a connection that means a clone of its name', async () => {
    const golden = await makeGolden();
    const settings = { application: 'one-roof claim', lockTimeoutMs: 5_000, statementTimeoutMs: 0 } as const;
    await withSession(superuserOf(golden.name), settings, async (session) => {
      const registration = { name: 'production', kind: 'clone', nonce: golden.nonce } as const;
      await openClone(session, { registration, roles: Roles.parse({}), tiersInEffect: [] });
      await expect(verifyRegistration(session, registration)).resolves.toBeUndefined();
      const other = { ...registration, nonce: 'f'.repeat(32) };
      await expect(verifyRegistration(session, other)).rejects.toMatchObject({ code: 'WRONG_REGISTRATION' });
    });
  });

  it('gets no twin from an attempt that wakes when it has become one', async () => {
    const golden = await makeGolden();
    const late = { ...golden, name: `${golden.name}_late` };
    await expect(atHost((session) => createMarked(session, late, SHAPE))).rejects.toMatchObject({
      code: 'GOLDEN_PROTECTED',
    });
    expect(await exists(late.name)).toBe(false);
  });
});

async function commentOf(name: string): Promise<string | null> {
  const sql = `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`;
  const rows = await withClient(
    urlOf('postgres'),
    async (client) => (await client.query<{ comment: string | null }>(sql, [name])).rows,
  );
  return rows[0]?.comment ?? null;
}

async function commitWhenAwaited(session: Session): Promise<void> {
  const awaited = `select from pg_catalog.pg_locks l where l.granted is false and l.locktype = 'transactionid'
    and pg_catalog.pg_backend_pid() = any (pg_catalog.pg_blocking_pids(l.pid))`;
  while ((await session.query(awaited)).rowCount === 0);
  await session.query('commit');
}
