import { escapeXml as escape } from './chart/drawing';
import type { Block, Document, Figure, Section, Table, Verdict } from './document';
import { PATTERNS, STYLE } from './page-style';
import { partsOf, plainOf, visible } from './words';
import type { Verbatim, Words } from './words';

/** From so many sections on it has a table of contents, and a way past it. */
const LONG = 5;

/** One self-contained HTML page: no script, no font, nothing from elsewhere. Whatever stands in the document is text. */
export function pageOf({ title, lead, opening = [], sections }: Document): string {
  const isLong = sections.length >= LONG;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escape(plainOf(title))}</title>
<style>${STYLE}</style>
</head>
<body>
${isLong ? '<a class="skip" href="#content">Past the contents</a>\n' : ''}${PATTERNS}
<header>
<h1>${escape(plainOf(title))}</h1>
${[...opening.map((block, index) => blockHtml(block, `o${index}`)), leadHtml(lead)].join('\n')}
</header>
${isLong ? contents(sections) : ''}<main id="content">
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}

function leadHtml(lead: Words): string {
  return lead === '' ? '' : `<p class="lead">${inline(lead)}</p>`;
}

function contents(sections: readonly Section[]): string {
  const lines = sections.map(({ title }, index) => `<li><a href="#s${index}">${inline(title)}</a></li>`);
  return `<nav aria-label="Contents"><ul>${lines.join('')}</ul></nav>\n`;
}

function sectionHtml({ title, blocks }: Section, index: number): string {
  const inside = blocks.map((block, place) => blockHtml(block, `s${index}-${place}`));
  return `<section aria-labelledby="s${index}">
<h2 id="s${index}">${inline(title)}</h2>
${inside.join('\n')}
</section>`;
}

function blockHtml(block: Block, id: string): string {
  switch (block.kind) {
    case 'text':
      return `<p>${inline(block.text)}</p>`;
    case 'code':
      return `<pre${block.language === 'sh' ? ' class="run"' : ''}>${escape(visible(block.text))}</pre>`;
    case 'table':
      return tableHtml(block);
    case 'figure':
      return figureHtml(block, id);
    case 'verdict':
      return verdictHtml(block);
    case 'list': {
      const items = block.items.map((item) => `<li>${inline(item)}</li>`).join('\n');
      return block.ordered === true ? `<ol>${items}</ol>` : `<ul>${items}</ul>`;
    }
  }
}

/** The mark says without colour what the colour says. */
const MARKS: Readonly<Record<Verdict['tone'], string>> = {
  good: '<path d="M6 12.5l4 4 8-9"/>',
  bad: '<path d="M7 7l10 10M17 7L7 17"/>',
  neutral: '<path d="M6 12h12"/>',
};

function verdictHtml({ tone, headline, text, facts }: Verdict): string {
  const rows = facts.map(([name, value]) => `<div><dt>${inline(name)}</dt><dd>${inline(value)}</dd></div>`);
  return `<div class="verdict ${tone}">
<p class="headline"><svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">${MARKS[tone]}</svg><span>${inline(headline)}</span></p>
<p>${inline(text)}</p>
<dl>${rows.join('')}</dl>
</div>`;
}

function figureHtml({ title, description, drawing, data }: Figure, id: string): string {
  const keys = drawing.legend.map(
    ([key, words]) =>
      `<li><svg width="22" height="12" aria-hidden="true"><rect class="${key}" width="22" height="12" rx="2"/></svg> ${escape(words)}</li>`,
  );
  return `<figure>
<svg class="chart" role="img" aria-labelledby="${id}-t ${id}-d" width="100%" height="${drawing.height}"><title id="${id}-t">${escape(visible(title))}</title><desc id="${id}-d">${escape(visible(description))}</desc>${drawing.body}</svg>
<ul class="legend">${keys.join('')}</ul>
<figcaption><strong>${escape(visible(title))}.</strong> ${inline(description)}</figcaption>
<details><summary>The same as a table</summary>${tableHtml(data)}</details>
</figure>`;
}

/** With more columns a row becomes a card on a phone; the roles keep it a table for those who hear it. */
const NARROW = 2;

function tableHtml(table: Table): string {
  const { caption, heads, rows } = table;
  if (rows.length === 0) return '';
  if (table.isFolded === true) return foldedHtml(table);
  const isList = heads.every((each) => each === '');
  const name = caption === undefined ? '' : `<caption>${inline(caption)}</caption>`;
  const cells = heads.map((each) => `<th scope="col" role="columnheader">${escape(visible(each))}</th>`);
  const head = isList ? '' : `<thead role="rowgroup"><tr role="row">${cells.join('')}</tr></thead>`;
  const body = rows.map((row) => rowHtml(heads, row)).join('\n');
  const kind = isList ? 'facts' : kindOf(table);
  return `<table role="table" class="${kind}">${name}${head}<tbody role="rowgroup">${body}</tbody></table>`;
}

function kindOf({ heads, isOfCards }: Table): string {
  if (isOfCards === true) return 'cards always';
  return heads.length > NARROW ? 'cards' : 'plain';
}

function foldedHtml({ caption, heads, rows }: Table): string {
  const summary = inline(caption ?? 'The table');
  return `<details><summary>${summary}</summary>${tableHtml({ kind: 'table', heads, rows })}</details>`;
}

function rowHtml(heads: readonly string[], row: readonly Words[]): string {
  const cells = row.map((cell, column) =>
    column === 0
      ? `<th scope="row" role="rowheader"${widthOf(cell)}>${breakable(cell)}</th>`
      : `<td role="cell" data-label="${escape(visible(heads[column] ?? ''))}"${widthOf(cell)}><span>${breakable(cell)}</span></td>`,
  );
  return `<tr role="row">${cells.join('')}</tr>`;
}

/** A word that is longer than a column is broken anywhere; a few letters stay together. */
function widthOf(cell: Words): string {
  const shown = plainOf(cell);
  if (/\S{18}/.test(shown)) return ' class="long"';
  return shown.length > 0 && shown.length < 15 ? ' class="short"' : '';
}

/** A long name is broken behind an underscore rather than within a word. */
function breakable(cell: Words): string {
  const shown = inline(cell);
  return /\S{18}/.test(plainOf(cell)) ? shown.replaceAll(/_(?![^<>]*>)/g, '_<wbr>') : shown;
}

function inline(words: Words): string {
  return partsOf(words)
    .map((part) => (typeof part === 'string' ? house(part) : verbatimHtml(part)))
    .join('');
}

function verbatimHtml({ verbatim, as }: Verbatim): string {
  const words = escape(visible(verbatim)).replaceAll('\n', '<br>');
  if (as === undefined) return words;
  return as === 'code' ? `<code>${words}</code>` : `<strong>${words}</strong>`;
}

/** Only `code`, **strong** and plain http links are more than text. */
function house(text: string): string {
  return escape(visible(text))
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(^|\s)(https?:\/\/[^\s<]+)/g, '$1<a href="$2">$2</a>')
    .replaceAll('\n', '<br>');
}
