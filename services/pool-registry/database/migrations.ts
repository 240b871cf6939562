// Where the migrations are; drizzle-kit makes them from schema.ts.
import { fileURLToPath } from 'node:url';

export const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
