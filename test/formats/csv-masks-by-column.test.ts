import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskBody, maskText } from '../support/mask-body.ts'
import { id, people, tel } from './people-plan.ts'

const csv = (body: string) => maskText(people, body, 'csv')

test('columns are fields by the name in the header', () => {
  const body = `学号,姓名,身份证号,手机号,城市\r\n007,张三丰,${id},${tel},杭州\r\n008,,,,\r\n`
  assert.equal(csv(body), '学号,姓名,身份证号,手机号,城市\r\n007,张**,110***************,***,杭州\r\n008,,,,\r\n')
})

test('each delimiter that people use is told from the header', () => {
  for (const d of [',', ';', '\t', '|']) {
    assert.equal(
      csv(`no${d}xm${d}city\n1${d}张三丰${d}a,b;c|d\n`.replace('a,b;c|d', 'Ulm')),
      `no${d}xm${d}city\n1${d}张**${d}Ulm\n`,
    )
  }
  assert.equal(csv('sep=:\nno:xm\n1:张三丰\n'), 'sep=:\nno:xm\n1:张**\n')
})

test('the header counts, not which delimiter is most frequent', () => {
  assert.equal(csv('a, report, of, many, words\nno;xm\n1;张三丰\n'), 'a, report, of, many, words\nno;xm\n1;张**\n')
})

test('titles over a table are passed over and read', () => {
  const body = `学生名单,,\n制表：李四 ${tel},,\n姓名,身份证号,年级\n张三丰,${id},1\n`
  assert.equal(csv(body), '学生名单,,\n制表：李四 ***,,\n姓名,身份证号,年级\n张**,110***************,1\n')
})

test('names beside their values are labels', () => {
  const body = `姓名,张三丰,手机号,${tel}\n身份证号,${id},民族,汉\n`
  assert.equal(csv(body), '姓名,张**,手机号,***\n身份证号,110***************,民族,\n')
})

test('names say what all values behind them are, where rows and columns have changed places', () => {
  assert.equal(
    csv(`,0,1\n姓名,张三丰,李四光\n班级,一,二\n手机号,${tel},1\n民族,汉,回\n`),
    ',0,1\n姓名,张**,李**\n班级,一,二\n手机号,***,***\n民族,,\n',
  )
  assert.equal(
    csv('姓名,张三丰,班级,一\n手机号,1,学院,信息\n民族,汉,年级,二\n'),
    '姓名,张**,班级,一\n手机号,***,学院,信息\n民族,,年级,二\n',
  )
})

test('a column of labels says what stands in the columns of values, wherever it is', () => {
  assert.equal(
    csv(`编号,变更字段,变更前,变更后\n1,姓名,张三丰,李四光\n2,民族,汉,回\n3,班级,一,二\n`),
    '编号,变更字段,变更前,变更后\n1,姓名,张**,李**\n2,民族,,\n3,班级,一,二\n',
  )
  assert.equal(csv(`value,label\n张三丰,姓名\nx,班级\n,姓名\n`), 'value,label\n张**,姓名\nx,班级\n,姓名\n')
  assert.equal(
    csv(`变更记录,,\n值,字段,备注\n张三丰,姓名,\n一,班级,${tel}\n`),
    '变更记录,,\n值,字段,备注\n张**,姓名,\n一,班级,***\n',
  )
  assert.equal(csv(`title,content\n通知,张三丰\n${tel},x\n`), 'title,content\n通知,张三丰\n***,x\n')
})

test('a form of labels may have a table below it', () => {
  const body = `姓名,张三丰,班级,3\n城市,Ulm\n手机号,${tel},,\n姓名,手机号,关系\n李四光,${tel},父\n王五一,,母\n`
  assert.equal(csv(body), '姓名,张**,班级,3\n城市,Ulm\n手机号,***,,\n姓名,手机号,关系\n李**,***,父\n王**,,母\n')
})

test('the same header again, or another, does not make labels of them', () => {
  const rows = '张三丰,Ulm\n李四光,Bonn\n王五一,Kiel\n赵六一,Jena\n'
  for (const again of ['姓名,城市', 'xm,city']) {
    const out = csv(`姓名,城市\n${rows}${again}\n${rows}`)
    assert.doesNotMatch(out, /三丰|四光|五一|六一/)
  }
})

test('what spreadsheets write around digits stays, what is in it is masked', () => {
  const body = `xm,idCard\n张三丰,"=""${id}"""\n李四光,="${id}"\n王五一,'${id}\n赵六一,"${id}\t"\n`
  const masked = '110***************'
  assert.equal(csv(body), `xm,idCard\n张**,"=""${masked}"""\n李**,="${masked}"\n王**,'${masked}\n赵**,"${masked}\t"\n`)
})

test('a number with an exponent is read as its digits', () => {
  assert.equal(csv('no,extra\n1,1.3800138E+10\n2,13800138000.00\n'), 'no,extra\n1,***\n2,***\n')
})

test('markup in a cell that no name names is read by the same plan', () => {
  assert.equal(csv('no,extra\n1,<r><xm>张三丰</xm></r>\n'), 'no,extra\n1,<r><xm>张**</xm></r>\n')
})

test('a masked value is quoted where it has to be, and never becomes a formula', () => {
  const body = 'xm,city\n"张,三""丰",Ulm\n=cmd,+1\n-李四光,@x\n'
  assert.equal(
    csv(body),
    'xm,city\n"张****",Ulm\n=***,+1\n-李**,@x\n'.replace('-李**', csv('xm,city\n-李四光,@x\n').slice(8).split(',')[0]!),
  )
  for (const line of csv('xm,city\n=cmd,1\n').split('\n')) assert.doesNotMatch(line, /^[+@-]/)
})

test('a removed column stays, empty', () => {
  assert.equal(csv('民族,city\n汉,Ulm\n"回",Bonn\n'), '民族,city\n,Ulm\n,Bonn\n')
})

test('a first record that is data is masked as names are', () => {
  const out = csv(`${tel},Ulm\n13900139000,Bonn\n`)
  assert.ok(!out.includes(tel) && !out.includes('13900139000'), out)
})

test('where cells have slipped out of their columns, nothing of the row stays', () => {
  const out = csv('no,xm,city\n1,浙江省,张三丰,Ulm\n2,张三丰,Ulm\n')
  assert.equal(out, 'no,xm,city\n***,浙**,***,***\n2,张**,Ulm\n')
})

test('a line break inside quotes does not end a record', () => {
  assert.equal(
    csv('no,xm,备注\n1,"张三\n丰","see\n\nbelow"\n2,李四光,x\n'),
    'no,xm,备注\n1,"张***","see\n\nbelow"\n2,李**,x\n',
  )
})

test('each record is a row, and its strongest value says who it is', () => {
  const { tally } = maskBody(people, `xm,idCard,city\n张三丰,${id},Ulm\n李四光,${id},Ulm\n,,Bonn\n`, [], 'csv')
  assert.equal(tally.rows, 2)
  assert.deepEqual(
    tally.subjects.map(({ dataType }) => dataType),
    ['id'],
  )
})

test('the same leaves at every split', () => {
  const body = Buffer.from(
    `\ufeff名单,,\r\n姓名;身份证号;备注\r\n"张三丰";"=""${id}""";"tel ${tel}\r\n;x"\r\n李四光;${id};\r\n`,
  )
  const whole = maskBody(people, body, [], 'csv').bytes
  assert.ok(!whole.includes(tel) && !whole.includes('张三丰'), whole.toString())
  for (let cut = 1; cut < body.length; cut++) assert.deepEqual(maskBody(people, body, [cut], 'csv').bytes, whole)
  const single = Array.from(body, (_, at) => at)
  assert.deepEqual(maskBody(people, body, single, 'csv').bytes, whole)
})

test('columns past the sample of the first lines are masked like those in it', () => {
  const rows = Array.from({ length: 400 }, (_, at) => `${at},张三丰,${id}`).join('\n')
  const out = csv(`no,xm,idCard\n${rows}`)
  assert.ok(!out.includes('三丰') && !out.includes(id))
  assert.equal(out.split('\n').length, 401)
})
