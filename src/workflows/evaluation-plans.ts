import { ReleaseError } from '../core/rules/release-error';
import type { ReleasePlan } from '../core/schema/plan';
import type { TargetDescription } from '../core/schema/target';
import { anywhere, ask } from './asking';
import type { EvaluationBook, Step } from './evaluation-book';

/** The plan of each scope, and so which rehearsals there are: each scope by itself, then each part with its rest. */
export async function learn(book: EvaluationBook): Promise<readonly Step[]> {
  const { package: pkg, scopes, source, cloneHost } = book.order;
  const plans = new Map<string, ReleasePlan>();
  let described: TargetDescription | undefined;
  for (const scope of scopes) {
    const { plan, targets } = await ask(anywhere.auditOrder, `${pkg.name} ${pkg.version}: scope ${scope}`, {
      package: pkg,
      scope,
      targets: [source, cloneHost],
    });
    plans.set(scope, plan);
    described = targets[0];
  }
  if (described === undefined) throw new ReleaseError('INTERNAL', `${source} was not described`);
  book.learn(plans, described);
  book.steps = stepsOf(scopes, plans);
  return book.steps;
}

function stepsOf(scopes: readonly string[], plans: ReadonlyMap<string, ReleasePlan>): readonly Step[] {
  const tiersOf = (scope: string): readonly string[] => plans.get(scope)?.tiers.map(({ id }) => id) ?? [];
  const isPart = (part: string, whole: string): boolean =>
    tiersOf(part).length < tiersOf(whole).length &&
    tiersOf(part).every((tier) => tiersOf(whole).includes(tier));
  return [
    ...scopes.map((scope) => ({ scope, part: undefined })),
    ...scopes.flatMap((scope) =>
      scopes.filter((part) => isPart(part, scope)).map((part) => ({ scope, part })),
    ),
  ];
}
