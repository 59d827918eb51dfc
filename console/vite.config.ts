import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

/** Which HTML entry a path of the console gets; the Python side has the same rule. */
const SIGN_IN = /^\/console\/(signin|setup|invitation)(\?|$)/

const entries: Plugin = {
  name: 'console-entries',
  configureServer(server) {
    server.middlewares.use((request, _response, next) => {
      if (SIGN_IN.test(request.url ?? '')) request.url = '/console/signin.html'
      next()
    })
  },
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const platform = process.env.MASKLINE_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  base: '/console/',
  plugins: [react(), entries],
  resolve: {
    alias: [
      { find: '@', replacement: here('./src') },
      // The short paths of these are CommonJS, of which nothing can be left out.
      { find: /^@ant-design\/icons\/(\w+)$/, replacement: '@ant-design/icons/es/icons/$1' },
      { find: /^antd\/locale\/(\w+)$/, replacement: 'antd/es/locale/$1' },
    ],
  },
  html: { cspNonce: '__CSP_NONCE__' },
  server: {
    proxy: {
      '/manage': {
        target: platform,
        // The session's cookie is taken with changes only from the page's own origin.
        headers: { origin: platform },
      },
      '/readyz': platform,
    },
  },
  build: {
    outDir: here('../src/maskline/console/static'),
    emptyOutDir: true,
    manifest: true,
    target: ['chrome114', 'firefox125', 'safari17'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: { index: here('./index.html'), signin: here('./signin.html') },
    },
  },
})
