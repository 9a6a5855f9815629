/** A step and the paths of its two halves. */
export interface NamedStep {
  readonly id: string;
  readonly up: string | undefined;
  readonly down: string | undefined;
}

/** One half of a step, by its name; halves with the same key are one step. */
interface Half {
  readonly key: string;
  readonly id: string;
  readonly way: 'up' | 'down';
  readonly path: string;
}

const DIALECTS = 'mysql|mariadb|sqlite3?|cockroach(?:db)?|sqlserver|mssql|oracle|spanner|clickhouse';
const OF_OTHERS = new RegExp(String.raw`\.(?:${DIALECTS})$`, 'i');
const OURS = /\.(?:postgres(?:ql)?|pg)$/i;

/**
 * `NAME.up.sql`, `NAME/up.sql` or `NAME/migration.sql` with its other half. A half that is written for PostgreSQL (`NAME.postgres.up.sql`) goes
 * before one for all; `foreign`: what another database runs instead. Two halves whose names differ are a step where no
 * others have their number, as golang-migrate reads them.
 */
export function pairUpAndDown(paths: readonly string[]): {
  readonly steps: readonly NamedStep[];
  readonly foreign: readonly string[];
  readonly left: readonly string[];
} {
  const halves = paths.flatMap((path) => dotted(path) ?? []);
  const own = halves.filter(({ id }) => !OF_OTHERS.test(id));
  const isReplaced = (half: Half): boolean =>
    !OURS.test(half.id) &&
    own.some(({ key, way, id }) => key === half.key && way === half.way && OURS.test(id));
  const steps = stepsOf(own.filter((half) => !isReplaced(half)));
  return {
    steps: pairByNumber(steps),
    foreign: halves.filter((half) => !own.includes(half) || isReplaced(half)).map(({ path }) => path),
    left: paths.filter((path) => dotted(path) === undefined),
  };
}

function dotted(path: string): Half | undefined {
  const [, id, word] = /^(.+)(?:[./](up|down)|\/migration)\.sql$/i.exec(path) ?? [];
  if (id === undefined) return undefined;
  return { key: id.replace(OURS, ''), id, way: word?.toLowerCase() === 'down' ? 'down' : 'up', path };
}

function stepsOf(halves: readonly Half[]): readonly NamedStep[] {
  const steps = new Map<string, NamedStep>();
  for (const { key, id, way, path } of halves) {
    const earlier = steps.get(key) ?? { id, up: undefined, down: undefined };
    steps.set(key, way === 'up' ? { ...earlier, id, up: path } : { ...earlier, down: path });
  }
  return [...steps.values()];
}

function pairByNumber(steps: readonly NamedStep[]): readonly NamedStep[] {
  const numbers = new Map<string, NamedStep[]>();
  for (const step of steps) {
    const number = /^(?:.*\/)?\d+(?=[^/]*$)/.exec(step.id)?.[0] ?? `\0${step.id}`;
    numbers.set(number, [...(numbers.get(number) ?? []), step]);
  }
  return [...numbers.values()].flatMap((group) => {
    const up = group.find((step) => step.down === undefined);
    const down = group.find((step) => step.up === undefined);
    const isOne = group.length === 2 && up !== undefined && down !== undefined;
    return isOne ? [{ ...up, down: down.down }] : group;
  });
}

interface Form {
  readonly read: (path: string) => Omit<Half, 'path'> | undefined;
  /** Some names say by themselves that they are a step's, others only where both halves are there. */
  readonly alone: 'a step' | 'nothing';
}

const FORMS: readonly Form[] = [
  { read: flyway, alone: 'a step' },
  { read: postgrator, alone: 'a step' },
  { read: (path) => inWords(path, /^(.+)[-_](up|down)()\.sql$/i), alone: 'nothing' },
  { read: (path) => inWords(path, /^((?:.*\/)?)(up|down|deploy|revert)\/([^/]+)\.sql$/i), alone: 'nothing' },
  { read: (path) => inWords(path, /^(.+?)(\.rollback|)()\.sql$/i), alone: 'nothing' },
];

/** As Flyway, postgrator, db-migrate, sqitch and yoyo name the two halves of a step. */
export function pairByWord(paths: readonly string[]): {
  readonly steps: readonly NamedStep[];
  readonly left: readonly string[];
} {
  let left = paths;
  const found: NamedStep[] = [];
  for (const { read, alone } of FORMS) {
    const halves = left.flatMap((path) => {
      const half = read(path);
      return half === undefined ? [] : [{ ...half, path }];
    });
    const steps = stepsOf(halves).filter(({ up, down }) => alone === 'a step' || (up && down) !== undefined);
    const taken = new Set(steps.flatMap(({ up, down }) => [up, down]));
    found.push(...steps);
    left = left.filter((path) => !taken.has(path));
  }
  return { steps: found, left };
}

const DOWNWARD = /^(?:down|undo|revert|\.rollback|u)$/i;

function inWords(path: string, pattern: RegExp): Omit<Half, 'path'> | undefined {
  const [, head, word, tail] = pattern.exec(path) ?? [];
  if (head === undefined || word === undefined || tail === undefined) return undefined;
  return { key: `${head}\0${tail}`, id: `${head}${tail}`, way: DOWNWARD.test(word) ? 'down' : 'up' };
}

/** `001.do.sql` with `001.undo.sql`, with a title between or not. */
function postgrator(path: string): Omit<Half, 'path'> | undefined {
  const half = inWords(path, /^((?:.*\/)?\d+)\.(do|undo)((?:\.[^/]+)?)\.sql$/i);
  return half && { ...half, key: half.key.split('\0')[0] ?? half.key };
}

/** `V1.2__title.sql` with `U1.2__title.sql`; the version alone counts. */
function flyway(path: string): Omit<Half, 'path'> | undefined {
  const half = inWords(path, /^((?:.*\/)?)([VU])(\d+(?:[._]\d+)*)__[^/]*\.sql$/);
  return half && { ...half, id: path.replace(/\.sql$/, '') };
}
