import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The SQL that makes a database a target, as the build under test has it: a mutated one brings its own. */
export function prepareSqlOf(
  build: string,
  registration: { readonly name: string; readonly nonce: string },
): string {
  const script = `
    const { prepareSql } = require(process.argv[1]);
    const { Roles } = require(process.argv[2]);
    process.stdout.write(prepareSql({ ...JSON.parse(process.argv[3]), kind: 'production' }, Roles.parse({})));`;
  const dist = (path: string): string => join(build, 'dist', path);
  return execFileSync(
    process.execPath,
    ['-e', script, dist('postgres/prepare.js'), dist('core/schema/target.js'), JSON.stringify(registration)],
    { encoding: 'utf8', cwd: build },
  );
}
