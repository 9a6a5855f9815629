/** What waits for a person shows itself in the timeline once a day; most such waits never end by themselves. */
export const REMIND_MS = 86_400_000;
