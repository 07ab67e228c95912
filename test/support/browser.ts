import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

const run = promisify(execFile)
const unpack = promisify(brotliDecompress)
const packageFolder = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../..')

/**
 * A headless Chromium as @sparticuz/chromium packs it: nothing is downloaded but the package itself. It brings the libraries
 * it needs; fonts are those of the machine, with one for Latin. Where it cannot start, `unavailable` has the reason, ready
 * for skipping a test.
 */
export async function startBrowser(): Promise<{ browser: Browser } | { unavailable: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { unavailable: `the packed browser is for Linux on x64, and this is ${process.platform} on ${process.arch}` }
  try {
    const folder = await unpacked()
    const env = { ...process.env, LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') }
    const args = ['--headless=shell', '--no-sandbox', '--no-zygote', '--disable-gpu']
    return { browser: await chromium.launch({ executablePath: join(folder, 'chromium'), args, env }) }
  } catch (error) {
    return { unavailable: `the packed browser does not start: ${String(error).slice(0, 400)}` }
  }
}

/** The folder of the unpacked browser, beside the packages and once for each version: unpacking takes seconds. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  const cache = join(packageFolder, '../../.cache/veilgate')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const making = await mkdtemp(join(cache, 'making-'))
  try {
    await writeFile(join(making, 'chromium'), await packed('chromium.br'), { mode: 0o755 })
    for (const name of ['al2023', 'fonts']) {
      const archive = join(making, `${name}.tar`)
      await writeFile(archive, await packed(`${name}.tar.br`))
      await run('tar', ['-xf', archive, '-C', making])
      await rm(archive)
    }
    await writeFile(join(making, 'fonts.conf'), fontsConf(folder))
    // two tests at once: who comes second finds the folder there
    await rename(making, folder).catch(error => {
      if (!existsSync(folder)) throw error
    })
    return folder
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

async function packed(name: string): Promise<Buffer> {
  return unpack(await readFile(join(packageFolder, 'bin', name)))
}

function fontsConf(folder: string): string {
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts']
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>${folders.map(one => `<dir>${one}</dir>`).join('')}<cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`
}
