/**
 * What every process of `npm test` begins with. Property tests draw the same cases in each run, so that a change is judged and not luck; other
 * cases with `SEED=N npm test`, and any number of them with `npm run fuzz`.
 */
import { enableCompileCache, getCompileCacheDir } from 'node:module'
import fc from 'fast-check'

// Hundreds of processes load the same modules, and each would strip their types and compile them; those that tests start as well.
enableCompileCache()
const directory = getCompileCacheDir()
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] ??= directory

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20261121) })
