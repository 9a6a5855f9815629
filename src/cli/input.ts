import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import { Duration, Name, Sha256 } from '../core/schema/name';
import { nearestWord } from '../package/nearest-word';

/** What many commands take, each with the words of its refusal. */
export const Reference = z.string().min(1, 'an id, a short id or `latest`');
export const Folder = z.string().min(1, "a package's folder");
export const Reason = z.string().trim().min(1, 'say why').max(1000, 'at most 1000 characters');
export const Key = z.string().min(8, 'at least 8 characters').max(64, 'at most 64 characters');
/** What a clone may be called: not what every server has, nor what clones are called while they are made and dropped. */
export const CloneName = Name.refine(
  (name) => !/^(postgres|template[01])$|^one_roof_(making|drop)_/.test(name),
  'the server or One-Roof itself uses that name for databases of its own',
);
/** Of which tables the rows are read; undefined: as the command has it. */
export const Contents = z
  .string()
  .min(1, '`all`, `none` or `schema.table,…`')
  .transform(contentsOf)
  .optional();
/** Several names with commas between, each once. */
export const Names = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((name) => name.trim()))])
  .pipe(z.array(Name));
export const Yes = z.boolean().default(false);
export { Duration, Name, Sha256 };

function contentsOf(text: string): 'all' | 'none' | readonly string[] {
  return text === 'all' || text === 'none' ? text : text.split(',').map((name) => name.trim());
}

/** A value for which one word of several is given. @throws USAGE naming them, and what was probably meant */
export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]): z.ZodType<Word> {
  const known = words.length === 1 ? `only ${words[0]} does` : `one of ${words.join(', ')}`;
  return z.enum(words, { error: ({ input }) => `${known}${meantBy(input, words)}` });
}

/** `; did you mean check?`, where a known word is near. */
function meantBy(input: unknown, words: readonly string[]): string {
  const meant = typeof input === 'string' ? nearestWord(input, words) : undefined;
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

/** A JSON text of one schema. @throws USAGE naming the file */
export function parseJsonFile<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const words = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new ReleaseError('USAGE', `${file} is not what this command reads: ${words}`, { cause });
  }
}
