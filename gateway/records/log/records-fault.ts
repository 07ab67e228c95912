import type { Bilingual } from '../../contracts.ts'
import type { GapCause } from '../drafts.ts'

const causes: Readonly<Record<GapCause, Bilingual>> = {
  disk_full: { zh: '磁盘空间不足', en: 'the disk is full' },
  io_error: { zh: '磁盘读写出错', en: 'the disk reports an error' },
  stalled: { zh: '磁盘长时间没有响应', en: 'the disk does not answer' },
  file_gone: { zh: '文件或目录不见了', en: 'a file or folder is gone' },
  file_replaced: { zh: '文件被换成了别的东西', en: 'a file was replaced by something else' },
  file_changed: { zh: '文件被别的程序改动', en: 'a file was changed by something else' },
  read_only: { zh: '没有写权限，或磁盘只读', en: 'writing is not allowed there, or the disk is read-only' },
  damage: { zh: '文件有损坏', en: 'a file is damaged' },
  clock: { zh: '时钟倒退', en: 'the clock went back' },
}

/** The words for why records cannot be written. */
export function wordsOfCause(cause: GapCause): Bilingual {
  return causes[cause]
}

/** A log that cannot be opened. The message names the folder, which is the operator's own word. */
export class RecordsFault extends Error {
  readonly code: 'locked' | 'unwritable' | 'name'
  readonly words: Bilingual
  /** For `unwritable`: why. */
  readonly why: GapCause

  constructor(code: RecordsFault['code'], directory: string, cause: GapCause = 'io_error') {
    const words = {
      locked: {
        zh: `记录目录 ${directory} 正被另一个进程使用。请先停止那个网关，或为本网关另设 records 目录。`,
        en: `The records folder ${directory} is in use by another process. Stop that gateway, or give this one a records folder of its own.`,
      },
      unwritable: {
        zh: `记录目录 ${directory} 无法写入：${causes[cause].zh}。没有访问记录就不能服务；请检查该目录的空间和权限。`,
        en: `The records folder ${directory} cannot be written: ${causes[cause].en}. Without records nothing is served; check its free space and permissions.`,
      },
      name: {
        zh: '日志名只能由小写字母、数字和连字符组成。',
        en: 'The name of a log is made of lower-case letters, digits and hyphens.',
      },
    }[code]
    super(words.en)
    this.name = 'RecordsFault'
    this.code = code
    this.words = words
    this.why = cause
  }
}
