import { closeClaim, takeClaim } from '../../src/postgres/claim';
import { withSession } from '../../src/postgres/session';
import { endpointOf } from '../support/prepared';
import { claimant, inSession, openRelease } from './shop';

const ELSEWHERE = { kind: 'production', nonce: 'of another database' } as const;
const END = { outcome: 'failed', claim: 99, evidence: null, registration: ELSEWHERE };

describe('a database that is registered as another one', () => {
  it.each(['an attempt', 'a claim', 'the end of a claim'])(
    'is not touched by %s: no session is ended, the fence does not rise, nothing is closed',
    async (what) => {
      const shop = await openRelease('first');
      const older = {
        application: `one-roof claim ${shop.claim - 1}.1 x`,
        lockTimeoutMs: 0,
        statementTimeoutMs: 0,
      };
      await withSession(endpointOf(shop.database, 'executor'), older, async (holder) => {
        await holder.query('select pg_advisory_lock(7954877705757748224)');
        const acts: Record<string, () => Promise<unknown>> = {
          'an attempt': () => shop.run({ ordinal: 1, sql: ['select 1'], nonce: ELSEWHERE.nonce }),
          'a claim': () =>
            inSession(shop.database, (session) => takeClaim(session, claimant('second'), ELSEWHERE)),
          'the end of a claim': () =>
            inSession(shop.database, (session) => closeClaim(session, claimant('first'), END)),
        };
        await expect(acts[what]?.()).rejects.toMatchObject({ code: 'WRONG_REGISTRATION' });
        await expect(holder.query('select 1')).resolves.toMatchObject({ rowCount: 1 });
      });
      expect(await shop.count('one_roof.fence where ordinal = 0')).toBe(1);
      expect(await shop.count(`one_roof.release where state = 'open'`)).toBe(1);
      expect(await shop.count('one_roof.release')).toBe(1);
    },
  );
});
