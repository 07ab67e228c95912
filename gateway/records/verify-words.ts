/** What `records verify` says of what it finds. The codes are part of its output and do not change their meaning. */
import type { Bilingual } from '../contracts.ts'

export const verifyWords = {
  LINE_MALFORMED: {
    zh: '这一行不是记录，文件在此处被改动或损坏',
    en: 'this line is no record; the file was changed or damaged here',
  },
  VERSION_UNKNOWN: {
    zh: '记录版本未知，请用更新版本的 veilgate 核验',
    en: 'a record of an unknown version; verify with a newer veilgate',
  },
  KIND_UNKNOWN: {
    zh: '记录种类未知，请用更新版本的 veilgate 核验',
    en: 'a record of an unknown kind; verify with a newer veilgate',
  },
  LOG_OTHER: { zh: '记录属于另一个日志', en: 'a record of another log' },
  TIME_BACKWARDS: { zh: '时间早于前一条记录', en: 'its time is before that of the record before' },
  FRAME_MALFORMED: { zh: '批次结尾行被改动或损坏', en: 'the frame of a batch was changed or damaged' },
  HASH_WRONG: {
    zh: '批次内容与其哈希不符，有内容被改动或损坏',
    en: 'a batch does not match its hash: changed or damaged',
  },
  COUNT_WRONG: { zh: '批次中的记录数或编号与其结尾行不符', en: 'number of records in a batch differs from its frame' },
  CHAIN_BROKEN: { zh: '批次与前一批次不衔接', en: 'a batch does not follow the one before it' },
  RECORDS_MISSING: { zh: '记录缺失', en: 'records are missing' },
  RECORDS_TWICE: { zh: '记录编号重复', en: 'records have numbers that were used before' },
  BATCH_TOO_LARGE: { zh: '批次过大，不可能由网关写出', en: 'a batch is larger than a gateway writes' },
  BATCH_UNFINISHED: { zh: '批次没有正确结尾，文件在此处损坏', en: 'a batch without its frame; damaged here' },
  TAIL_TORN: {
    zh: '末尾有未写完的批次（正在写入，或进程曾中断）；其中的内容从未被确认，不算记录',
    en: 'the end is an unfinished batch (being written, or cut off by a crash); it was never acknowledged and does not count',
  },
  TAIL_CUT: { zh: '启动时截去了上次中断留下的未确认内容', en: 'a start cut off what a crash had left unacknowledged' },
  GAP_NOTED: {
    zh: '此前有一段时间无法写入，网关已停止服务',
    en: 'for a while before this nothing could be written or served',
  },
  LOSS_NOTED: {
    zh: '上述缺失在发生时已被网关记录：文件被移走或截断',
    en: 'the gateway noted this loss when it happened: a file was taken away or cut',
  },
} as const satisfies Record<string, Bilingual>
