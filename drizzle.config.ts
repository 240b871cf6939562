import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './services/pool-registry/schema.ts',
  out: './services/pool-registry/migrations',
});
