import { ReleaseError } from '../../core/rules/release-error';

/** Work in the registry of a clone host: what is found not to be ours is named with the host that has it. */
export async function onHost<T>(host: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.code !== 'CLONE_NOT_OURS') throw error;
    const { code, message, hint, details } = error;
    throw new ReleaseError(code, `clone host ${host}: ${message}`, {
      hint,
      details: { ...details, host },
      cause: error,
    });
  }
}
