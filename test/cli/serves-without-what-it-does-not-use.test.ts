import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'

const here = (path: string) => new URL(`../../gateway/${path}`, import.meta.url)
/** Prints the URL of each module that a serving gateway has loaded. */
const script = `
  import { registerHooks } from 'node:module'
  const urls = new Set()
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      urls.add(found.url)
      return found
    },
  })
  await import('${here('cli/serve/serve.ts')}')
  const { default: fastify } = await import('${import.meta.resolve('fastify')}')
  const { withoutSchemas } = await import('${here('without-schemas.ts')}')
  fastify({ schemaController: withoutSchemas })
  console.log(JSON.stringify([...urls]))`

test('who serves has no package in memory that only some gateways need', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  const urls = (JSON.parse(stdout) as string[]).filter(url => url.includes('/node_modules/'))
  const packages = new Set(urls.map(url => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)![1]))
  for (const one of ['fastify', 'undici', 'ajv', 'libphonenumber-js']) assert.ok(packages.has(one), one)
  for (const one of ['nodemailer', 'pg', '@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler'])
    assert.ok(!packages.has(one), `${one} is loaded`)
})
