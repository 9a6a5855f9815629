import { ReleaseError } from '../../src/core/rules/release-error';
import { onHost } from '../../src/postgres/clone/host';

describe('work on a clone host', () => {
  it('names the host where a database is not ours', async () => {
    const error = new ReleaseError('CLONE_NOT_OURS', 'database x bears no marker', { hint: 'Look.' });
    await expect(onHost('tests', () => Promise.reject(error))).rejects.toMatchObject({
      code: 'CLONE_NOT_OURS',
      message: 'clone host tests: database x bears no marker',
      hint: 'Look.',
      details: { host: 'tests' },
    });
  });

  it('leaves every other failure as it is', async () => {
    const error = new ReleaseError('CONNECT_FAILED', 'refused');
    await expect(onHost('tests', () => Promise.reject(error))).rejects.toBe(error);
  });
});
