import { readFileSync, readdirSync } from 'node:fs';

/** Processes of this name below a process, by the system's own table. */
export function childrenOf(parent: number, name: RegExp): readonly number[] {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => describe(Number(entry)));
  const below = (pid: number): readonly number[] =>
    all.filter((each) => each.parent === pid).flatMap((each) => [each.pid, ...below(each.pid)]);
  const found = new Set(below(parent));
  return all.filter((each) => found.has(each.pid) && name.test(each.name)).map(({ pid }) => pid);
}

function describe(pid: number): readonly { pid: number; parent: number; name: string }[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, name = '', parent = ''] = /^\d+ \((.*)\) \S+ (\d+) /.exec(stat) ?? [];
    return [{ pid, parent: Number(parent), name }];
  } catch {
    return []; // it has ended meanwhile
  }
}
