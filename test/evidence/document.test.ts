import { code, list, printed, shell, steps, table, text } from '../../src/evidence/document';
import { markdownOf } from '../../src/evidence/document-markdown';
import type { Block } from '../../src/evidence/document';

function markdown(...blocks: readonly Block[]): string {
  return markdownOf({ title: 'T', lead: '', sections: [{ title: 'S', blocks }] }).replace(
    '# T\n\n## S\n\n',
    '',
  );
}

describe('a document in Markdown', () => {
  it('says which block is for a shell, and which is what it prints', () => {
    expect(markdown(shell('ls'), printed('a'), code('b'))).toBe(
      '~~~sh\nls\n~~~\n\n~~~text\na\n~~~\n\n~~~\nb\n~~~\n',
    );
  });

  it('has a fence that the text cannot close', () => {
    expect(markdown(code('~~~\n# not a title\n~~~~'))).toBe('~~~~~\n~~~\n# not a title\n~~~~\n~~~~~\n');
  });

  it.each([
    ['a text', text('<b> `<c>`'), '&lt;b> `<c>`\n'],
    ['a list', list(['<b>']), '- &lt;b>\n'],
    ['steps', steps(['<b>', 'two']), '1. &lt;b>\n2. two\n'],
    ['a table', table(['h'], [['a | <b>']]), '| h |\n| --- |\n| a \\| &lt;b> |\n'],
  ])('begins no tag in %s', (_, block, expected) => {
    expect(markdown(block)).toBe(expected);
  });
});
