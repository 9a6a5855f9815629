declare module 'pgpass' {
  /** Looks a password up in PGPASSFILE, or ~/.pgpass; undefined where no line fits. */
  function pgpass(
    connection: { host: string; port: number; database: string; user: string },
    answer: (password: string | undefined) => void,
  ): void;
  export = pgpass;
}
