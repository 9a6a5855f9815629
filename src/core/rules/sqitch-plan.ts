/** Puts steps into the order of a `sqitch.plan`, where there is one: a line a change, `name [requires] time planner`. */
export function planOrder<Step extends { readonly id: string }>(
  steps: readonly Step[],
  plan: string | undefined,
): readonly Step[] {
  if (plan === undefined) return steps;
  const names = plan.split(/\r?\n/).flatMap((line) => /^\s*([^\s%#@:]+)/.exec(line)?.[1] ?? []);
  const placeOf = ({ id }: Step): number => {
    const place = names.indexOf(id);
    return place < 0 ? names.length : place;
  };
  return [...steps].sort((one, other) => placeOf(one) - placeOf(other));
}
