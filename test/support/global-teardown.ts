import { cluster } from './running';

// eslint-disable-next-line -- jest asks for a default export
export default async function stop(): Promise<void> {
  await cluster()?.stop();
}
