import { readSigned, SIGNATURE_NAMESPACE } from '../core/rules/approval-statement';
import { verifySshSignature } from '../evidence/ssh-signature';
import { activity } from './boundary';
import type { Watch } from './boundary';
import { findTarget } from './world';
import type { World } from './world';

/** Who has signed an act at a gate. */
export function signatureActivities(world: World) {
  return {
    /** `fault`: why it is no signature of that person over exactly that statement; null where it is. */
    verifySignature: activity(
      async (
        { target, signed, as }: { target: string; signed: string; as: string },
        watch: Watch,
      ): Promise<{ fault: string | null }> => {
        const allowedSigners = findTarget(world, target).policy?.allowedSigners;
        const parts = readSigned(signed);
        if (allowedSigners === undefined || parts === undefined)
          return { fault: `${target} names no allowed signers` };
        const { statement, signature } = parts;
        const environment = { PATH: world.environment['PATH'] }; // of what the worker knows it needs no more
        const signer = { allowedSigners, who: as, namespace: SIGNATURE_NAMESPACE };
        return {
          fault: await verifySshSignature({ statement, signature }, signer, {
            environment,
            signal: watch.signal,
          }),
        };
      },
    ),
  };
}
