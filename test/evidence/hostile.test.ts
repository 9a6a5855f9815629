import { createColors } from 'picocolors';
import { documentText } from '../../src/cli/print/document-text';
import { markdownOf } from '../../src/evidence/document-markdown';
import { pageOf } from '../../src/evidence/page';
import { reportOf } from '../../src/evidence/report';
import { hostileRehearsal, hostileRelease } from './hostile';

describe.each([
  ['a release', reportOf(hostileRelease())],
  ['a rehearsal', reportOf(hostileRehearsal())],
])('whatever stands in the evidence of %s', (_, document) => {
  it('is text on the page', () => {
    const page = pageOf(document);
    expect(page).not.toMatch(/<(script|img|iframe|object|link|form)|<\/style>.*<\/style>/s);
    expect(page).not.toMatch(/<[^>]*(src|href)="(?!#)/);
    expect(page).not.toMatch(/<strong>b<|<code>c</);
    expect(page).toContain('&lt;script&gt;alert(1)');
  });

  it('is text in Markdown', () => {
    const outside = markdownOf(document)
      .replaceAll(/^(~{3,})\w*\n[^]*?\n\1$/gm, '') // fenced
      .replaceAll(/\\[^a-zA-Z0-9\s]/g, '') // escaped
      .replaceAll(/`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/<(?!br>)/);
    expect(outside).not.toMatch(/\[l|!\[|\*\*b|~~s|_e/);
    expect(outside).not.toMatch(/https?:\/\/evil/);
    expect(outside).not.toMatch(/^(# heading|- item|> quote|```)/m);
  });

  it.each([
    ['the page', pageOf(document)],
    ['Markdown', markdownOf(document)],
    ['a terminal', documentText(document, createColors(false))],
  ])('hides nothing in %s', (__, text) => {
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(text).toContain('⟨U+202E⟩');
  });
});
