import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bilingual } from '../contracts.ts'

/** Makes a folder of its own for a command that needs one; or says why there is none: a read-only container has no place for it. */
export async function temporaryFolder(name: string): Promise<string | Bilingual> {
  const place = tmpdir()
  try {
    return await mkdtemp(join(place, `veilgate-${name}-`))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return {
      zh: `无法在 ${place} 建立临时文件夹（${code}）。请使其可写，或用 TMPDIR 指明另一个文件夹；容器中可加 --tmpfs /tmp。`,
      en: `No temporary folder can be made in ${place} (${code}). Make it writable, or name another by TMPDIR; for a container, add --tmpfs /tmp.`,
    }
  }
}
