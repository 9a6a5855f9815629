import { rm } from 'node:fs/promises';
import { stopTemporal } from '../../src/embedded/temporal-server';
import { cluster } from './running';
import { sharedState } from './temporal';

// eslint-disable-next-line -- jest asks for a default export
export default async function stop(): Promise<void> {
  await cluster()?.stop();
  await stopTemporal(sharedState());
  await rm(process.env['ONE_ROOF_TEST_STATE'] ?? '', { recursive: true, force: true });
}
