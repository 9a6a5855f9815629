import { effectiveGates, sharedGateName } from '../core/rules/effective-gate';
import { ReleaseError } from '../core/rules/release-error';
import { anywhere, ask } from './asking';
import type { ReleaseBook } from './release-book';

/** The bytes, read again from the store; the plan that follows from them must be the one that was told. */
export async function audit(book: ReleaseBook): Promise<void> {
  const { package: pkg, scope, target: name, requester } = book.order;
  const {
    plan,
    targets: [target],
  } = await ask(
    anywhere.auditOrder,
    `${pkg.name} ${pkg.version}: every byte against its manifest; ${name}: its policy`,
    { package: pkg, scope, targets: [name] },
  );
  if (target?.kind !== 'database')
    throw new ReleaseError(
      'CONFIG_INVALID',
      `target ${name} is a ${target?.kind ?? 'stranger'}: a release needs a database`,
    );
  if (target.policy.request !== undefined && !target.policy.request.includes(requester)) {
    throw new ReleaseError(
      'REQUEST_REFUSED',
      `${requester} may not request a release to ${name}; ${target.policy.request.join(', ')} may`,
    );
  }
  const isCovered = target.policy.gates.some(
    (gate) => gate.scopes === undefined || gate.scopes.includes(scope),
  );
  if (target.protected && !isCovered) {
    throw new ReleaseError(
      'POLICY_MISSING',
      `the policy of ${name} has no gate for scope ${scope}: a package never chooses its own gate`,
    );
  }
  const learned = effectiveGates(plan, target.policy.gates);
  const shared = sharedGateName(learned);
  if (shared !== undefined)
    throw new ReleaseError(
      'CONFIG_INVALID',
      `two gates bear the name ${shared}: of the package and of the policy of ${name}`,
    );
  book.learn(plan, target);
}
