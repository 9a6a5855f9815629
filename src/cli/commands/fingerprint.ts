import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { summarize } from '../../postgres/fingerprint/summary';
import { takeFingerprint } from '../../postgres/fingerprint/take';
import { command } from '../command';
import { Contents, Name } from '../input';
import { findLive, readLive } from '../live-database';
import { facts } from '../print/table';

/** Production's keys stand in it. */
const OWNER_ONLY = 0o600;

/** Digests of a database as it is now, to be compared later. */
export const fingerprint = command({
  name: 'fingerprint',
  summary:
    'take the fingerprint of a target, as its cloner, or of a clone, as the restorer: a digest of each object of the catalog and of the rows of each table, of one moment; it is no proof against somebody who chooses rows to deceive it',
  arguments: [['<database>', 'a target, or a clone as `one-roof clones list` names it']],
  options: [
    [
      '--contents <what>',
      '`all`: the rows of every table, read once; `none`: the schema alone; or `schema.table,…`; all when left out',
    ],
    ['--output <file>', 'write it there, for its owner alone: keys of rows stand in it'],
    ['--on <target>', 'the clone host; may be left out where only one has made a clone of that name'],
  ],
  examples: [
    ['fingerprint production --contents none --output before.json', 'the schema, to be compared later'],
    ['fingerprint directus_golden', 'of a clone, with all rows'],
  ],
  exits: { 0: 'taken', 4: 'the role is refused, or the read wrote' },
  input: z.object({ database: Name, contents: Contents, output: z.string().optional(), on: Name.optional() }),
  run: async (context, { database, contents = 'all', output, on }) => {
    const live = await findLive(context, database, on);
    const at = new Date().toISOString();
    const taken = await readLive(live, (client) => takeFingerprint(client, { contents }));
    const summary = summarize(taken);
    const head = { kind: 'fingerprint', of: database, at, ...summary, objects: taken.objects.length };
    const whole = { ...head, fingerprint: taken };
    if (output !== undefined)
      await writeFile(resolve(context.folder, output), `${JSON.stringify(whole)}\n`, { mode: OWNER_ONLY });
    const text = facts([
      ['database', `${database}, ${at}`],
      ['schema', `${summary.schema}, ${head.objects} objects`],
      [
        'contents',
        contents === 'none'
          ? 'not read'
          : `${summary.contents}, ${summary.tables} tables, ${summary.rows} rows`,
      ],
      ...(output === undefined ? [] : [['written to', output] as const]),
    ]);
    return { document: output === undefined ? whole : { ...head, output }, text, exit: 0 };
  },
});
