import { z } from 'zod';
import { ReleaseError } from '../core/rules/release-error';
import { Duration, Name, Sha256 } from '../core/schema/name';

/** What many commands take, each with the words of its refusal. */
export const Reference = z.string().min(1, 'an id, a short id or `latest`');
export const Folder = z.string().min(1, "a package's folder");
export const Reason = z.string().trim().min(1, 'say why').max(1000, 'at most 1000 characters');
export const Key = z.string().min(8, 'at least 8 characters').max(64, 'at most 64 characters');
export const Yes = z.boolean().default(false);
export { Duration, Name, Sha256 };

/** A value for which one word of several is given. @throws USAGE naming them */
export function oneOf<Word extends string>(words: readonly [Word, ...Word[]]): z.ZodType<Word> {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
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
