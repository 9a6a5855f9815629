import { withTemporal } from '../../src/client/connection';
import { configuredPlace, plainPlace } from '../../src/client/server-place';

/** Without a home there is no profile file of the one who runs the tests. */
const NOWHERE = { HOME: '/nonexistent', XDG_CONFIG_HOME: '/nonexistent' };

describe('the server', () => {
  it('is none where nothing names an address', () => {
    expect(configuredPlace({ environment: NOWHERE })).toBeUndefined();
  });

  it("is that of Temporal's own environment configuration, API key and TLS included", () => {
    const environment = {
      ...NOWHERE,
      TEMPORAL_ADDRESS: 'cloud.example:7233',
      TEMPORAL_NAMESPACE: 'releases',
      TEMPORAL_API_KEY: 'of the tests only',
    };
    expect(configuredPlace({ environment })).toMatchObject({
      address: 'cloud.example:7233',
      namespace: 'releases',
      options: { apiKey: 'of the tests only', tls: true },
    });
  });

  it('is that of the options before all', () => {
    const environment = { ...NOWHERE, TEMPORAL_ADDRESS: 'cloud.example:7233' };
    const place = configuredPlace({ environment, address: 'here:1', namespace: 'mine' });
    expect(place).toMatchObject({ address: 'here:1', namespace: 'mine' });
  });

  it('that does not answer is named with its namespace, within its time limit', async () => {
    const begun = Date.now();
    const attempt = withTemporal(plainPlace('127.0.0.1:1', 'mine'), () => Promise.resolve());
    await expect(attempt).rejects.toThrow('Temporal at 127.0.0.1:1, namespace mine, does not answer');
    await expect(attempt).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(Date.now() - begun).toBeLessThan(8_000);
  });
});
