import type { Notice } from '../core/schema/notice';

/** What Slack shows of one message; others show more. */
const MOST_CHARACTERS = 30_000;

/** The body of a webhook: all of the notice, and the same in words, which Slack and whatever is compatible with it shows. */
export function bodyOf(notice: Notice, format: 'generic' | 'slack' | 'teams'): string {
  if (format === 'slack') return JSON.stringify({ text: inWords(notice) });
  if (format === 'teams') return JSON.stringify(teamsMessage(notice));
  return JSON.stringify({ ...notice, text: inWords(notice) });
}

function inWords({ title, lines, choices, orders = [] }: Notice): string {
  const words = [title, ...lines, ...choices.map((choice) => `• ${choice}`)].join('\n');
  return [words, ...orders.map(({ text }) => text)].join('\n\n').slice(0, MOST_CHARACTERS);
}

/** An adaptive card, as workflows of Teams take it. */
function teamsMessage(notice: Notice): object {
  const block = (text: string, more: object = {}): object => ({
    type: 'TextBlock',
    text,
    wrap: true,
    ...more,
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      block(notice.title, { weight: 'Bolder' }),
      ...notice.lines.map((line) => block(line)),
      ...notice.choices.map((choice) => block(`- ${choice}`)),
      ...(notice.orders ?? []).map(({ text }) => block(text, { separator: true })),
    ],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}
