import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

/** Where a server runs during development: `TAMARI=http://127.0.0.1:7700 npm run dev`. */
const server = process.env.TAMARI ?? 'http://127.0.0.1:7700'

export default defineConfig({
  base: '/dojo/',
  plugins: [react()],
  // The proxy leaves the Host header alone, so that the server sees calls from its own pages.
  server: { proxy: { '/dojo/api': { target: server } } },
  build: { target: 'es2022', reportCompressedSize: false, chunkSizeWarningLimit: 1000 },
  test: { include: ['src/**/*.test.ts'] },
})
