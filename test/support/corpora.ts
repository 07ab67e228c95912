import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Third-party test data beside the checkout. Where it is missing, `skip` has the reason, ready for a test's options;
 * elsewhere it is false.
 */
export function corpus(name: string): { readonly path: string; readonly skip: string | false } {
  const path = fileURLToPath(new URL(`../../../shared/corpora/${name}`, import.meta.url))
  return { path, skip: existsSync(path) ? false : `the test data ../shared/corpora/${name} is not there` }
}
