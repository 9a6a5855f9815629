/** Tells what set-up does and why: a line when a step begins, and one when it is done. Everything goes to stderr. */
const colourful = process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
const paint = (code, text) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text);

/** A step that takes time, and why it is needed. */
export function begin(name, why) {
  console.error(`${paint(36, '…')} ${name}: ${why}`);
}

/** A step that is done, or had nothing to do. */
export function done(name, note) {
  console.error(`${paint(32, '✔')} ${name}: ${note}`);
}

/** Something that the person should know, though set-up goes on. */
export function note(text) {
  console.error(`${paint(33, '·')} ${text}`);
}

/** What is missing, where it was looked for, and what mends it. */
export class SetupError extends Error {
  constructor(missing, { looked = [], mend = [] } = {}) {
    super(missing);
    this.looked = looked;
    this.mend = mend;
  }

  /** All of it, for a terminal. */
  describe() {
    const lines = [`${paint(31, '✖')} ${this.message}`];
    if (this.looked.length > 0) lines.push('  looked at:', ...this.looked.map((place) => `    ${place}`));
    if (this.mend.length > 0) lines.push('  what mends it:', ...this.mend.map((command) => `    ${command}`));
    return lines.join('\n');
  }
}
