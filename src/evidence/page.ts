import type { Block, Document } from './document';

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --quiet: #7a7a7a; --mark: #2563eb; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .25rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
.lead { color: var(--quiet); margin-top: 0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td:first-child { white-space: nowrap; }
pre { background: #8881; padding: .8rem; border-radius: 6px; overflow-x: auto; font-size: .85rem; }
pre.run { border-left: 4px solid var(--mark); white-space: pre-wrap; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; } @media (max-width: 40rem) { td { overflow-wrap: anywhere; } td:first-child { white-space: normal; min-width: 6rem; } }
a { color: var(--mark); }
@media print { body { margin: 0; max-width: none; } pre { white-space: pre-wrap; } }
`;

/** One self-contained HTML page: no script, no font, nothing from elsewhere. Whatever stands in the document is text. */
export function pageOf({ title, lead, sections }: Document): string {
  const body = sections.flatMap((section) => [
    `<h2>${escape(section.title)}</h2>`,
    ...section.blocks.map(blockHtml),
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p class="lead">${inline(lead)}</p>
${body.join('\n')}
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  if (block.kind === 'text') return `<p>${inline(block.text)}</p>`;
  if (block.kind === 'code')
    return `<pre${block.language === 'sh' ? ' class="run"' : ''}>${escape(block.text)}</pre>`;
  if (block.kind === 'table') return tableHtml(block.heads, block.rows);
  const items = block.items.map((item) => `<li>${inline(item)}</li>`).join('\n');
  return block.ordered === true ? `<ol>${items}</ol>` : `<ul>${items}</ul>`;
}

function tableHtml(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = heads.map((each) => `<th>${escape(each)}</th>`).join('');
  const head = heads.every((each) => each === '') ? '' : `<thead><tr>${cells}</tr></thead>`;
  const line = (row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<td>${inline(cell)}</td>`).join('')}</tr>`;
  return `<div class="wide"><table>${head}<tbody>${rows.map(line).join('\n')}</tbody></table></div>`;
}

/** Only `code`, **strong** and plain http links are more than text. */
function inline(text: string): string {
  return escape(text)
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(^|\s)(https?:\/\/[^\s<]+)/g, '$1<a href="$2">$2</a>')
    .replaceAll('\n', '<br>');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
