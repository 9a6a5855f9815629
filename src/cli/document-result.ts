import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReleaseError } from '../core/rules/release-error';
import { wordsOf } from '../embedded/system-error';
import type { Document } from '../evidence/document';
import { markdownOf } from '../evidence/document-markdown';
import { pageOf } from '../evidence/page';
import type { CommandContext, CommandResult } from './command';
import { EXIT_CODES } from './exit-codes';
import { documentText } from './print/document-text';

/** How a document is wanted: in which form, in which file, and what `--json` tells of it. */
export interface DocumentWish {
  readonly format: 'text' | 'md' | 'html';
  readonly output: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A document for people: printed, or written to a file. @throws USAGE where it cannot be written */
export async function documentResult(
  { folder, terminal }: CommandContext,
  document: Document,
  { format, output, facts }: DocumentWish,
): Promise<CommandResult> {
  const text =
    format === 'text'
      ? documentText(document, terminal.colours)
      : format === 'md'
        ? markdownOf(document)
        : pageOf(document);
  if (output === undefined)
    return {
      document: { ...facts, format, text: format === 'text' ? markdownOf(document) : text },
      text: text.trimEnd(),
      exit: EXIT_CODES.done,
    };
  const file = resolve(folder, output);
  await writeText(file, text);
  return { document: { ...facts, format, file }, text: `written to ${file}`, exit: EXIT_CODES.done };
}

/** @throws USAGE */
export async function writeText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new ReleaseError('USAGE', `${file} cannot be written: ${wordsOf(cause)}`, {
      hint: 'Give `--output` a file in a folder that is there and writable.',
      cause,
    });
  }
}
