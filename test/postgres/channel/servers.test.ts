import { askTarget } from '../../../src/postgres/channel/ask';
import type { Servers } from '../../../src/postgres/channel/servers';
import type { Endpoint } from '../../../src/postgres/endpoint';
import { judgeRead } from '../../../src/read-channel/judge';
import { freePort } from '../../support/cluster';
import { startStandby } from '../../support/standby';
import type { Standby } from '../../support/standby';
import { readableDatabase } from './planted';

let primary: Endpoint;
let standby: Standby;

beforeAll(async () => {
  primary = await readableDatabase('create table t as select 1 as id; create view v as select id from t');
  standby = await startStandby();
});

afterAll(async () => {
  await standby.stop();
});

describe('where a target is read', () => {
  it('is its standby, where that answers and is one', async () => {
    const answer = await read('select id, pg_is_in_recovery() from v', { standby: at(standby.port) });
    expect(answer).toMatchObject({ rows: [['1', 't']], server: 'standby' });
    expect(answer).not.toHaveProperty('passedOver');
  });

  it('is its primary, where it names no standby', async () => {
    const answer = await read('select pg_is_in_recovery()');
    expect(answer).toMatchObject({ rows: [['f']], server: 'primary' });
  });

  it('is its primary, where the standby does not answer: and that is said', async () => {
    const answer = await read('select pg_is_in_recovery()', { standby: at(await freePort()) });
    expect(answer).toMatchObject({ rows: [['f']], server: 'primary' });
    expect(answer.passedOver).toMatch(/ECONNREFUSED/);
  });

  it('is its primary, where what is named as a standby is none', async () => {
    const answer = await read('select pg_is_in_recovery()', { standby: primary });
    expect(answer).toMatchObject({ server: 'primary' });
    expect(answer.passedOver).toMatch(/not in recovery/);
  });

  it('is asked once: what fails at the standby is not tried again at the primary', async () => {
    await expect(read('select nonsense from t', { standby: at(standby.port) })).rejects.toMatchObject({
      code: 'STATEMENT_FAILED',
    });
    await expect(read('select null::t', { standby: at(standby.port) })).rejects.toMatchObject({
      code: 'QUERY_REFUSED',
    });
  });
});

function at(port: number): Endpoint {
  return { ...primary, port };
}

async function read(text: string, servers: Partial<Servers> = {}) {
  const opened = { functions: [] };
  return await askTarget({ primary, ...servers }, { read: await judgeRead(text, opened), opened });
}
