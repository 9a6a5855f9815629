import { CancellationScope } from '@temporalio/workflow';
import { anywhere, ask } from './asking';
import type { SignedAct, Verified } from './court';
import { judge } from './verdict';

/** Is it signed by whom it names? What cannot be found out is no yes; nothing that goes wrong here may end the release. */
export async function verifySigned(target: string, { signed, as }: SignedAct): Promise<Verified> {
  const summary = `${target}: is it signed by ${as}?`;
  try {
    return await CancellationScope.nonCancellable(() =>
      ask(anywhere.verifySignature, summary, { target, signed, as }),
    );
  } catch (failure) {
    return { fault: `its signature could not be verified: ${judge(failure).message}` };
  }
}
