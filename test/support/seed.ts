/**
 * Property tests draw the same cases in each run of `npm test`, so that a change is judged and not luck; other cases with
 * `SEED=N npm test`, and any number of them with `npm run fuzz`.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 20261121) })
