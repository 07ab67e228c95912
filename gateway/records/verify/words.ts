/** What `records verify` says of what it finds. The codes are part of its output and do not change their meaning. */
import type { Bilingual } from '../../contracts.ts'

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
  CLOCK_NOTED: {
    zh: '时钟在此倒退；此后的记录沿用前一条的时间，直到时钟追上，次序不受影响',
    en: 'the clock went back here; records after it keep the time of the one before until it has caught up, in their order',
  },
  LOSS_NOTED: {
    zh: '上述缺失在发生时已被网关记录：文件被移走或截断',
    en: 'the gateway noted this loss when it happened: a file was taken away or cut',
  },
  FILE_DAMAGED: {
    zh: '已封存的文件自此处起损坏或被改动：无法解压，或记录与其帧的哈希不符',
    en: 'a sealed file is damaged or was changed from here on: it does not decompress, or not to what its frames say',
  },
  SEAL_WRONG: { zh: '文件与封存时记录的哈希不符', en: 'a file is not what was on record when it was sealed' },
  SEAL_MISSING: { zh: '已封存的文件没有封存记录', en: 'a sealed file whose sealing is not on record' },
  TREE_UNKNOWN: {
    zh: '缺失的记录使此检查点无法重新推算',
    en: 'records are missing, so that this checkpoint cannot be derived again',
  },
  ROOT_WRONG: {
    zh: '记录推算不出已签名的检查点：签名之后有改动，或检查点是伪造的',
    en: 'the records do not lead to this signed checkpoint: they were changed after it, or it is forged',
  },
  CHECKPOINT_AHEAD: {
    zh: '检查点涵盖的记录多于现有记录：末尾被截去',
    en: 'a checkpoint covers more records than there are: the end was cut off',
  },
  TILE_WRONG: { zh: '树的哈希与记录不符', en: 'hashes of the tree are not those of the records' },
  TILE_MISSING: { zh: '树的哈希缺失', en: 'hashes of the tree are missing' },
  KEY_MALFORMED: { zh: '公钥文件损坏', en: 'a file of public keys is damaged' },
  CHECKPOINT_MALFORMED: { zh: '检查点文件在此处损坏', en: 'a checkpoint is damaged here' },
  CHECKPOINT_TORN: {
    zh: '最后一个检查点没有写完，不算数',
    en: 'the last checkpoint was cut short in writing and does not count',
  },
  CHECKPOINT_OTHER: { zh: '检查点属于另一个日志', en: 'a checkpoint of another log' },
  CHECKPOINTS_MISSING: {
    zh: '记录中提到的检查点不在了',
    en: 'checkpoints that the records speak of are not there',
  },
  SIGNATURE_WRONG: {
    zh: '检查点没有该密钥的有效签名：由别的密钥签署，或被改动',
    en: 'a checkpoint is not rightly signed by the key: signed by another, or changed',
  },
  NOTHING_SIGNED: {
    zh: '给出了密钥，但没有任何它签署的检查点',
    en: 'a key was given, and no checkpoint is signed by it',
  },
  WITNESS_FORKED: {
    zh: '见证方见过的内容与现有记录不同：日志被重写',
    en: 'a witness has seen another past: the log was written anew',
  },
  WITNESS_AHEAD: {
    zh: '见证方见过更多的记录：末尾被截去',
    en: 'a witness has seen more records than there are: the end was cut off',
  },
  WITNESS_OTHER: {
    zh: '见证方保存的检查点由另一密钥签署：日志可能已用新密钥重写',
    en: 'the witness keeps checkpoints of another key: the log may have been written anew under a new one',
  },
  WITNESS_UNREADABLE: { zh: '见证文件无法读取', en: 'what the witness keeps cannot be read' },
  LOG_MISSING: {
    zh: '有日志不见了：网关登记过它，或此处还有它的检查点，或您给出了它的密钥，或见证人见过它',
    en: 'a log is gone that the gateway has listed, of which checkpoints are here, that a key was given for, or that a witness has seen',
  },
  LOG_CUT: {
    zh: '该日志的末尾被截去：网关登记过更多记录',
    en: 'that log was cut: the gateway has listed more records of it',
  },
  LOG_CHANGED: { zh: '该日志与网关登记的哈希不符', en: 'that log does not have the hash that the gateway has listed' },
  PRUNE_UNPROVED: {
    zh: '记录被删除，但没有两人的有效批准',
    en: 'records were removed without the valid approval of two people',
  },
  PRUNE_UNRECORDED: { zh: '删除没有留下记录', en: 'the removal of records is not on record' },
  PRUNE_UNFINISHED: { zh: '批准的删除尚未完成', en: 'an approved removal has not been finished' },
  PRUNED: { zh: '更早的记录已经两人批准删除', en: 'older records were removed, by leave of two people' },
  PRUNED_SELF: {
    zh: '更早的记录已经两人批准删除；批准人的公钥仅来自日志旁边',
    en: 'older records were removed by leave of two people, whose keys are known from beside the log only',
  },
  STOPPED_NOTED: { zh: '在此期间网关没有运行', en: 'the gateway was not running in between' },
  SILENCE: {
    zh: '运行期间出现沉默：没有按时的心跳（主机休眠、过载，或日志被重写）',
    en: 'silence while it was running: no heartbeat in time (the machine slept, was overloaded, or the log was written anew)',
  },
  SILENT_SINCE: { zh: '此后再无心跳：网关已停止', en: 'no heartbeat since then: the gateway is not running' },
} as const satisfies Record<string, Bilingual>
