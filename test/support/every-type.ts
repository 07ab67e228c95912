/** A JSON body with a field of every data type of the shipped catalogue, in every kind of value and spelling. */
import type { Policy } from '../../gateway/policy/policy.ts'

const id = '11010519491231002X'

/** About 8 KiB. Each field is spelt in one of its names; every fifth begins with an escape. */
export function bodyOfEveryType(policy: Policy): string {
  return bodyOf(fieldsOf(policy), rest)
}

/** The same in bodies of a few types each, so that every one of them can be cut everywhere. */
export function bodiesOfEveryType(policy: Policy): string[] {
  const fields = fieldsOf(policy)
  const few = Array.from({ length: Math.ceil(fields.length / 10) }, (_, at) => fields.slice(at * 10, at * 10 + 10))
  return [...few.map(part => bodyOf(part, [])), bodyOf([], rest)]
}

function fieldsOf(policy: Policy): string[] {
  return [...policy.catalogue.values()]
    .filter(({ names }) => names.length > 0)
    .map(({ names }, at) => {
      const { name } = names[at % names.length]!
      const spelt = at % 5 === 0 ? escaped(name) : name
      return `"${spelt}":${sample(at)}`
    })
}

const rest = [
  `"remark":"证号${id}，电话 138 0013 8000 或 zhang.san@example.edu.cn 😀 \\"卡\\"6222021001116245702\\n"`,
  `"13900139000":{"n":1.3800138e10,"big":12345678901234567890,"${id}":[${id.slice(0, 17)},13800138000,null,true]}`,
  `"inner":${JSON.stringify(`{"xm":"王五","list":["${id}"]}`)}`,
  '"plain":"nothing \\ud83d\\ude00 to see"',
]

function bodyOf(fields: readonly string[], others: readonly string[]): string {
  return ` {"data" : {"rows":[{${fields.join(',')}},\r\n\t{${others.join(' , ')}},{}]}, "xm":"赵六","xm":"\\u94b1七"}\n`
}

function sample(at: number): string {
  return [
    '"张三丰"',
    '"13800138000"',
    '13800138000',
    `"${id}"`,
    '"2001-02-03"',
    '"北京市朝阳区建国路1号"',
    '["a@b.cn",{"x":"乙"}]',
  ][at % 7]!
}

function escaped(name: string): string {
  return `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`
}
